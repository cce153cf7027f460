import {
  type Dispatch,
  type KeyboardEvent,
  type PointerEvent,
  type SetStateAction,
  useRef,
  useState,
} from 'react';
import {
  addStroke,
  extendStroke,
  type MaskHistory,
  redo,
  undo,
  withdrawn,
} from '../../../state/form/mask-history.ts';
import type { Stroke } from '../../../storage/stroke.ts';
import type { Brush } from './MaskTools.tsx';
import type { PlacedOnCanvas } from './use-placement.ts';

/** A position on the canvas, as fractions of its width and height. */
interface Point {
  readonly x: number;
  readonly y: number;
}

const STEP = 0.02;
const MOVES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};
const RESIZE = 1.2;
const [SMALLEST, LARGEST] = [0.01, 0.4];

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

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

function pointOf({ clientX, clientY, currentTarget }: PointerEvent): Point {
  const box = currentTarget.getBoundingClientRect();
  return { x: (clientX - box.left) / box.width, y: (clientY - box.top) / box.height };
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
  const [at, setAt] = useState<Point>({ x: 0.5, y: 0.5 });
  const isDrawing = useRef(false);
  const begin = (point: Point) =>
    onHistory((before) => addStroke(before, strokeAt(point, brush, placed, isInverted)));
  const resize = (factor: number) => onBrush({ radius: clamp(brush.radius * factor, SMALLEST, LARGEST) });

  const handlers = {
    onPointerDown(event: PointerEvent) {
      // Neither a second finger nor the right button draws.
      if (!event.isPrimary || event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      isDrawing.current = true;
      setAt(pointOf(event));
      begin(pointOf(event));
    },
    onPointerMove(event: PointerEvent) {
      if (!event.isPrimary) return;
      const point = pointOf(event);
      setAt(point);
      if (isDrawing.current) onHistory((before) => extendStroke(before, ...onPicture(point, placed)));
    },
    onPointerUp({ isPrimary }: PointerEvent) {
      if (isPrimary) isDrawing.current = false;
    },
    /** The system has taken the pointer for a gesture of its own: what was drawn was no stroke. */
    onPointerCancel({ isPrimary }: PointerEvent) {
      if (!isPrimary || !isDrawing.current) return;
      isDrawing.current = false;
      onHistory(withdrawn);
    },
    onKeyDown(event: KeyboardEvent) {
      // A pointer that is still down must not extend the stroke before.
      isDrawing.current = false;
      const move = MOVES[event.key];
      const isCommand = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (key === ' ') begin(at);
      else if (key === '[') resize(1 / RESIZE);
      else if (key === ']') resize(RESIZE);
      else if (isCommand && (key === 'y' || (key === 'z' && event.shiftKey))) onHistory(redo);
      else if (isCommand && key === 'z') onHistory(undo);
      else if (move) setAt(({ x, y }) => ({ x: clamp(x + move[0], 0, 1), y: clamp(y + move[1], 0, 1) }));
      else return;
      event.preventDefault();
    },
  };
  return { at, handlers };
}
