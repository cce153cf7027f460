import { type Dispatch, type SetStateAction, useRef } from 'react';
import type { MaskHistory } from '../../../state/form/mask-history.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './MaskEditor.module.css';
import type { Brush } from './MaskTools.tsx';
import { useBrush } from './use-brush.ts';
import { useMaskDrawing } from './use-mask-drawing.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

interface Props {
  readonly placed: PlacedOnCanvas;
  readonly history: MaskHistory;
  readonly brush: Brush;
  readonly onBrush: (change: Partial<Brush>) => void;
  readonly onHistory: Dispatch<SetStateAction<MaskHistory>>;
}

/** Pixels of the longer side on the screen; the mask of the request has the request's size. */
const SHOWN_SIDE = 512;

/** The mask over its picture, drawn on by pointer and by keyboard, and the outline of the brush. */
export function MaskCanvas({ placed, history, brush, onBrush, onHistory }: Props) {
  const texts = useTexts().mask;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { now } = history;
  const { at, handlers } = useBrush({ placed, isInverted: now.isInverted, brush, onBrush, onHistory });

  const size = useMaskDrawing(canvas, now, placed, SHOWN_SIDE);
  const { whole } = placed.placement;
  const ratio = placed.file.width / placed.file.height;
  const outline = {
    left: `${at.x * 100}%`,
    top: `${at.y * 100}%`,
    width: `${brush.radius * 200}%`,
    // A stretched picture has a stretched brush.
    aspectRatio: whole.width / (whole.height * ratio),
  };
  return (
    <>
      {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it is drawn on, by pointer and by keyboard */}
      <canvas
        ref={canvas}
        className={styles.mask}
        {...size}
        tabIndex={0}
        role="application"
        aria-label={texts.howTo}
        {...handlers}
      />
      <span className={styles.brush} style={outline} aria-hidden="true" />
    </>
  );
}
