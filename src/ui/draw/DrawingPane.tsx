import { useState } from 'react';
import type { Drawing } from '../../storage/stored-drawing.ts';
import { useSettings } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DrawingCanvas } from './DrawingCanvas.tsx';
import styles from './DrawScreen.module.css';
import { DrawTools } from './DrawTools.tsx';
import { useDrawing, useDrawTexts } from './use-draw.ts';

/** What lines are drawn with. */
export interface Brush {
  /** Pixels of the drawing. */
  readonly width: number;
  readonly colour: string;
  readonly erases: boolean;
}

interface Props {
  readonly drawing: Drawing;
  readonly onShown: (drawing: Blob, isNew: boolean) => void;
}

/** The drawing, and the tools for it. */
export function DrawingPane({ drawing, onShown }: Props) {
  const texts = useDrawTexts();
  const [brush, setBrush] = useState<Brush>({ width: 32, colour: '#d63a2f', erases: false });
  const onBrush = (change: Partial<Brush>) => setBrush((before) => ({ ...before, ...change }));
  return (
    <section className={styles.pane} aria-label={texts.drawing}>
      <DrawingCanvas size={drawing} {...{ brush, onBrush, onShown }} />
      <DrawTools drawing={drawing} {...{ brush, onBrush }} />
      <Shape drawing={drawing} />
      <PictureFault />
    </section>
  );
}

/** Where the picture has another shape than the drawing. */
function Shape({ drawing }: { readonly drawing: Drawing }) {
  const texts = useDrawTexts();
  const width = useSettings(({ fields }) => Number(fields.width));
  const height = useSettings(({ fields }) => Number(fields.height));
  const reshape = useDrawing((state) => state.reshape);
  const ratio = width / height;
  // Sizes are rounded to whole pixels.
  if (!(ratio > 0) || Math.abs(Math.log((ratio * drawing.height) / drawing.width)) < 0.02) return null;
  return (
    <p className={styles.note}>
      {texts.otherShape}{' '}
      <button type="button" onClick={() => void reshape({ width, height })}>
        {texts.reshape}
      </button>
    </p>
  );
}

/** Why a picture could not be drawn on. */
function PictureFault() {
  const { errors } = useTexts();
  const error = useDrawing((state) => state.error);
  if (!error) return null;
  const { sentence, remedy } = errorText(errors, 'start-image', error);
  return (
    <p role="alert" className={styles.fault}>
      {sentence} {remedy}
    </p>
  );
}
