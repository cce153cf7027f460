import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';

/** A position on what is drawn on, as fractions of its width and height. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How strongly a pen is pressed: 0 … 1; 1 for what has no pressure. */
export interface PenPoint extends Point {
  readonly pressure: number;
}

const STEP = 0.02;
/** By which part of the width and height an arrow key moves. */
export const MOVES: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
};
const RESIZE = 1.2;

export const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

type Where = Pick<globalThis.PointerEvent, 'clientX' | 'clientY' | 'pointerType' | 'pressure'>;

function pointOf({ clientX, clientY, pointerType, pressure }: Where, box: DOMRect): PenPoint {
  return {
    x: (clientX - box.left) / box.width,
    y: (clientY - box.top) / box.height,
    pressure: pointerType === 'pen' ? pressure : 1,
  };
}

/** The points of a move, those among them that the browser has held back until the next frame. */
function pointsOf({ nativeEvent, currentTarget }: PointerEvent): PenPoint[] {
  const box = currentTarget.getBoundingClientRect();
  const all = nativeEvent.getCoalescedEvents?.() ?? [];
  return (all.length > 0 ? all : [nativeEvent]).map((event) => pointOf(event, box));
}

/** What a pen does. */
export interface Strokes {
  /** It goes down: a stroke begins with a dab. */
  begin(at: PenPoint): void;
  extend(points: readonly PenPoint[]): void;
  /** It goes up. */
  end?(): void;
  /** What was drawn since it went down was no stroke. */
  withdraw(): void;
  undo(): void;
  redo(): void;
  /** Makes the brush larger or smaller. */
  resize(factor: number): void;
}

/**
 * Draws by pointer and by keyboard: where the pen is, whether it is down by a key, and the handlers of the element that is drawn on.
 * @param isHeldByKey Space and Enter put the pen down until they are pressed again, and the arrow keys draw; else Space makes a dab
 */
export function usePen(strokes: Strokes, isHeldByKey: boolean) {
  const [at, setAt] = useState<Point>({ x: 0.5, y: 0.5 });
  const [isDown, setDown] = useState(false);

  const lift = () => {
    setDown(false);
    strokes.end?.();
  };
  const press = () => {
    if (isDown) return lift();
    strokes.begin({ ...at, pressure: 1 });
    if (isHeldByKey) setDown(true);
  };
  const move = ([dx, dy]: readonly [number, number]) => {
    const to = { x: clamp(at.x + dx, 0, 1), y: clamp(at.y + dy, 0, 1) };
    setAt(to);
    if (isDown) strokes.extend([{ ...to, pressure: 1 }]);
  };

  const pointer = usePointer(strokes, setAt, () => isDown && lift());
  const onKeyDown = (event: KeyboardEvent) => {
    // A pointer that is still down must not extend the stroke before.
    pointer.end();
    const step = MOVES[event.key];
    const isCommand = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (key === ' ' || (isHeldByKey && key === 'enter' && !isCommand)) press();
    else if (key === 'escape' && isDown) {
      // It is not for the run that the page stops with it.
      event.stopPropagation();
      lift();
    } else if (key === '[') strokes.resize(1 / RESIZE);
    else if (key === ']') strokes.resize(RESIZE);
    else if (isCommand && (key === 'y' || (key === 'z' && event.shiftKey))) strokes.redo();
    else if (isCommand && key === 'z') strokes.undo();
    else if (step) move(step);
    else return;
    event.preventDefault();
  };
  return { at, isDown, handlers: { ...pointer.handlers, onKeyDown, onBlur: () => isDown && lift() } };
}

/** @param onDown called before a stroke begins */
function usePointer(strokes: Strokes, setAt: (at: Point) => void, onDown: () => void) {
  const isDrawing = useRef(false);
  const end = () => {
    if (isDrawing.current) strokes.end?.();
    isDrawing.current = false;
  };
  const handlers = {
    onPointerDown(event: PointerEvent) {
      // Neither a second finger nor the right button draws.
      if (!event.isPrimary || event.button !== 0) return;
      onDown();
      event.currentTarget.setPointerCapture(event.pointerId);
      isDrawing.current = true;
      const point = pointOf(event.nativeEvent, event.currentTarget.getBoundingClientRect());
      setAt(point);
      strokes.begin(point);
    },
    onPointerMove(event: PointerEvent) {
      if (!event.isPrimary) return;
      const points = pointsOf(event);
      setAt(points.at(-1) as Point);
      if (isDrawing.current) strokes.extend(points);
    },
    onPointerUp({ isPrimary }: PointerEvent) {
      if (isPrimary) end();
    },
    /** The system has taken the pointer for a gesture of its own: what was drawn was no stroke. */
    onPointerCancel({ isPrimary }: PointerEvent) {
      if (!isPrimary || !isDrawing.current) return;
      isDrawing.current = false;
      strokes.withdraw();
    },
  };
  return { end, handlers };
}
