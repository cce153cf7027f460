import type { Mask, Stroke } from '../../storage/stored-files.ts';

/** A mask in the making: what it was, is, and was before it was taken back. */
export interface MaskHistory {
  readonly past: readonly Mask[];
  readonly now: Mask;
  readonly future: readonly Mask[];
}

/** A mask nothing has been done to yet. */
export const unchanged = (now: Mask): MaskHistory => ({ past: [], now, future: [] });

/** The next state; what had been taken back is gone. */
export const change = ({ past, now }: MaskHistory, next: Mask): MaskHistory => ({
  past: [...past, now],
  now: next,
  future: [],
});

/** The last change taken back, if any. */
export function undo(history: MaskHistory): MaskHistory {
  const { past, now, future } = history;
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : history;
}

/** The last change as if it had not been: it cannot be done again. */
export const withdrawn = (history: MaskHistory): MaskHistory => ({ ...undo(history), future: [] });

/** What was taken back last, done again, if anything was. */
export function redo(history: MaskHistory): MaskHistory {
  const { past, now, future } = history;
  const [after, ...rest] = future;
  return after ? { past: [...past, now], now: after, future: rest } : history;
}

/** A stroke begun. */
export const addStroke = (history: MaskHistory, stroke: Stroke): MaskHistory =>
  change(history, { ...history.now, strokes: [...history.now.strokes, stroke] });

/** The last stroke drawn on to another place; still the same change. */
export function extendStroke(history: MaskHistory, x: number, y: number): MaskHistory {
  const { strokes } = history.now;
  const last = strokes.at(-1);
  if (!last) return history;
  const longer = { ...last, points: [...last.points, x, y] };
  return { ...history, now: { ...history.now, strokes: [...strokes.slice(0, -1), longer] } };
}
