import type { Dispatch, SetStateAction } from 'react';
import {
  addStroke,
  extendStroke,
  type MaskHistory,
  redo,
  undo,
  withdrawn,
} from '../../../state/form/mask-history.ts';
import type { Stroke } from '../../../storage/stored-files.ts';
import type { Brush } from './MaskTools.tsx';
import { clamp, type Point, usePen } from './use-pen.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

const [SMALLEST, LARGEST] = [0.01, 0.4];

/** A position on the canvas as one on the picture, as fractions of the picture's width and height. */
function onPicture({ x, y }: Point, { canvas, placement: { whole } }: PlacedOnCanvas): [number, number] {
  return [(x * canvas.width - whole.x) / whole.width, (y * canvas.height - whole.y) / whole.height];
}

function strokeAt(at: Point, brush: Brush, placed: PlacedOnCanvas, isInverted: boolean): Stroke {
  return {
    points: onPicture(at, placed),
    radius: (brush.radius * placed.canvas.width) / placed.placement.whole.width,
    softness: brush.isSoft ? 0.5 : 0,
    // Strokes are inverted with the mask; a brush marks all the same.
    erases: brush.erases !== isInverted,
  };
}

interface Drawing {
  readonly placed: PlacedOnCanvas;
  readonly isInverted: boolean;
  readonly brush: Brush;
  readonly onBrush: (change: Partial<Brush>) => void;
  readonly onHistory: Dispatch<SetStateAction<MaskHistory>>;
}

/** Draws on a mask by pointer and by keyboard: where the brush is, and the handlers of the element it is drawn on. */
export function useBrush({ placed, isInverted, brush, onBrush, onHistory }: Drawing) {
  const strokes = {
    begin: (point: Point) =>
      onHistory((before) => addStroke(before, strokeAt(point, brush, placed, isInverted))),
    extend: (points: readonly Point[]) =>
      onHistory((before) =>
        points.reduce((history, point) => extendStroke(history, ...onPicture(point, placed)), before),
      ),
    withdraw: () => onHistory(withdrawn),
    undo: () => onHistory(undo),
    redo: () => onHistory(redo),
    resize: (factor: number) => onBrush({ radius: clamp(brush.radius * factor, SMALLEST, LARGEST) }),
  };
  return usePen(strokes, false);
}
