import { useLayoutEffect, useRef, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Frame } from '../../state/generation.ts';
import { useGeneration } from '../stores-context.ts';
import { drawAndClose } from './draw.ts';
import styles from './Filmstrip.module.css';

/** How each picture came about: full decodes along the way, one strip a picture. */
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
  const frames = useGeneration(({ run }) => run?.pictures[index]?.frames);
  const seed = useGeneration(({ run }) => run?.pictures[index]?.seed);
  return (
    <ol className={styles.strip} aria-label={`Filmstrip of seed ${seed}`}>
      {frames?.map((frame) => (
        <FrameView key={frame.step} frame={frame} />
      ))}
    </ol>
  );
}

function FrameView({ frame: { step, picture } }: { frame: Frame }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // Kept: once drawn, the bitmap has no size any more.
  const [size] = useState(() => {
    const width = Math.min(picture.width, FRAME_WIDTH);
    return { width, height: Math.round((width * picture.height) / picture.width) };
  });
  useLayoutEffect(() => {
    if (canvas.current) drawAndClose(canvas.current, picture);
  }, [picture]);
  return (
    <li>
      <canvas ref={canvas} {...size} role="img" aria-label={`After step ${step}`} />
      <span aria-hidden="true">{step}</span>
    </li>
  );
}

/** Pixels; a frame is shown at half of this at most. */
const FRAME_WIDTH = 192;
