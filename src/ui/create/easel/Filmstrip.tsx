import { useId, useRef } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Frame } from '../../../state/jobs/run.ts';
import { useGeneration } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { BitmapCanvas } from '../../widgets/BitmapCanvas.tsx';
import styles from './Filmstrip.module.css';
import { FilmstripButtons } from './FilmstripButtons.tsx';

/** One strip for each picture of the run: full decodes from along the way. */
export function Filmstrip() {
  const id = useGeneration(({ run }) => run?.id);
  const filmed = useGeneration(
    useShallow(({ run }) => (run?.pictures ?? []).flatMap(({ frames }, i) => (frames.length > 0 ? [i] : []))),
  );
  if (filmed.length === 0) return null;
  return (
    <div className={styles.strips}>
      {filmed.map((index) => (
        <Strip key={`${id} ${index}`} index={index} />
      ))}
    </div>
  );
}

function Strip({ index }: { index: number }) {
  const texts = useTexts().easel;
  const frames = useGeneration(({ run }) => run?.pictures[index]?.frames);
  const seed = useGeneration(({ run }) => run?.pictures[index]?.seed ?? 0);
  const isDone = useGeneration(({ run }) => run?.pictures[index]?.url != null);
  const strip = useRef<HTMLOListElement>(null);
  const id = useId();
  return (
    <div className={styles.film}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <ol ref={strip} id={id} className={styles.strip} aria-label={texts.filmstrip(seed)} tabIndex={0}>
        {frames?.map((frame) => (
          <FrameView key={`${frame.pass} ${frame.step}`} frame={frame} />
        ))}
      </ol>
      {isDone && <FilmstripButtons {...{ index, strip }} describedBy={id} />}
    </div>
  );
}

function FrameView({ frame: { pass, step, picture } }: { frame: Frame }) {
  const texts = useTexts().easel;
  const ratio = useGeneration(({ run }) => (run ? run.request.width / run.request.height : 1));
  return (
    <li>
      <BitmapCanvas
        bitmap={picture}
        style={{ aspectRatio: ratio }}
        role="img"
        aria-label={pass === 2 ? texts.hiresFrame(step) : texts.frame(step)}
      />
      <span aria-hidden="true">{pass === 2 ? `+${step}` : step}</span>
    </li>
  );
}
