import { type Dispatch, type SetStateAction, useRef } from 'react';
import type { MaskHistory } from '../../../state/form/mask-history.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './MaskEditor.module.css';
import type { Brush } from './MaskTools.tsx';
import { useBrush } from './use-brush.ts';
import { useMaskDrawing } from './use-mask-drawing.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

/** A map of a control layer that is painted on, in the place of a mask, and what is said of it. */
export interface PaintedMap {
  readonly file: Blob;
  /** The dialog's name. */
  readonly label: string;
  readonly howTo: string;
  /** The button for the black brush. */
  readonly erase: string;
}

interface Props {
  readonly placed: PlacedOnCanvas;
  readonly ofMap?: PaintedMap | undefined;
  readonly history: MaskHistory;
  readonly brush: Brush;
  readonly onBrush: (change: Partial<Brush>) => void;
  readonly onHistory: Dispatch<SetStateAction<MaskHistory>>;
}

/** Pixels of the longer side on the screen; the mask of the request has the request's size. */
const SHOWN_SIDE = 512;
/** A map's lines are a pixel wide. */
const MAP_SIDE = 1024;

/** The mask over its picture, or a map with what is painted on it, drawn on by pointer and by keyboard, and the outline of the brush. */
export function MaskCanvas({ placed, ofMap, history, brush, onBrush, onHistory }: Props) {
  const texts = useTexts().mask;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { now } = history;
  const { at, handlers } = useBrush({ placed, isInverted: now.isInverted, brush, onBrush, onHistory });

  const size = useMaskDrawing(canvas, now, placed, ofMap ? MAP_SIDE : SHOWN_SIDE, ofMap?.file);
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
        aria-label={ofMap?.howTo ?? texts.howTo}
        {...handlers}
      />
      <span className={styles.brush} style={outline} aria-hidden="true" />
    </>
  );
}
