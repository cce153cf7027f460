import { useId, useLayoutEffect, useRef } from 'react';
import { useGeneration, useUpscales } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { UpscaleFault } from '../../upscale/UpscaleButtons.tsx';
import { showBitmap } from '../../widgets/show-bitmap.ts';
import { PictureActions } from './PictureActions.tsx';
import styles from './Sheet.module.css';

interface Props {
  readonly index: number;
  /** Absent where a picture is already as large as it gets. */
  readonly onEnlarge?: ((index: number) => void) | undefined;
}

/** One picture: it develops on a canvas, and when it is done the PNG lies over it. */
export function Print({ index, onEnlarge }: Props) {
  const texts = useTexts().easel;
  const caption = useId();
  const url = useGeneration(({ run }) => run?.pictures[index]?.url ?? null);
  const seed = useGeneration(({ run }) => run?.pictures[index]?.seed ?? 0);
  const prompt = useGeneration(({ run }) => run?.request.prompt ?? '');
  const larger = useUpscales((store) => store.made[url ?? '']);
  const image = url && (
    <img src={larger?.url ?? url} alt={prompt.trim() === '' ? texts.ofSeed(seed) : prompt} />
  );

  return (
    <li className={styles.print}>
      <div className={styles.paper}>
        <Developing index={index} label={url === null ? texts.developing(seed) : null} />
        {image && onEnlarge ? (
          <button
            type="button"
            className={styles.enlarge}
            aria-haspopup="dialog"
            aria-describedby={caption}
            onClick={() => onEnlarge(index)}
          >
            {image}
          </button>
        ) : (
          image
        )}
      </div>
      <div className={styles.caption}>
        <span id={caption}>
          <span className={styles.word}>{texts.seed} </span>
          {seed}
          {larger && ` · ${larger.width} × ${larger.height}`}
        </span>
        {url && <PictureActions index={index} describedBy={caption} />}
      </div>
      {url && <UpscaleFault of={url} />}
    </li>
  );
}

interface DevelopingProps {
  readonly index: number;
  /** Null once something else stands for the picture. */
  readonly label: string | null;
}

/** The canvas a preview is drawn on as it comes. Nothing else on the page renders for it. */
function Developing({ index, label }: DevelopingProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const preview = useGeneration(({ run }) => run?.pictures[index]?.preview ?? null);

  useLayoutEffect(() => {
    if (canvas.current && preview) showBitmap(canvas.current, preview);
  }, [preview]);

  return <canvas ref={canvas} {...(label === null ? {} : { role: 'img', 'aria-label': label })} />;
}
