import type { Mask } from '../../storage/stored-files.ts';
import type { Stroke } from '../../storage/stroke.ts';

/** A mask being drawn, with the states that undo and redo go to. */
export interface MaskHistory {
  readonly past: readonly Mask[];
  readonly now: Mask;
  readonly future: readonly Mask[];
}

/** The history of a mask before any change. */
export const unchanged = (now: Mask): MaskHistory => ({ past: [], now, future: [] });

/** Moves on to `next`; what was undone can no longer be redone. */
export const change = ({ past, now }: MaskHistory, next: Mask): MaskHistory => ({
  past: [...past, now],
  now: next,
  future: [],
});

/** Undoes the last change, if any. */
export function undo(history: MaskHistory): MaskHistory {
  const { past, now, future } = history;
  const before = past.at(-1);
  return before ? { past: past.slice(0, -1), now: before, future: [now, ...future] } : history;
}

/** Drops the last change: unlike one that is undone, it cannot be redone. */
export const withdrawn = (history: MaskHistory): MaskHistory => ({ ...undo(history), future: [] });

/** Redoes what was undone last, if anything was. */
export function redo(history: MaskHistory): MaskHistory {
  const { past, now, future } = history;
  const [after, ...rest] = future;
  return after ? { past: [...past, now], now: after, future: rest } : history;
}

/** Begins a stroke. */
export const addStroke = (history: MaskHistory, stroke: Stroke): MaskHistory =>
  change(history, { ...history.now, strokes: [...history.now.strokes, stroke] });

/** Draws the last stroke on to another place, as part of the same change. */
export function extendStroke(history: MaskHistory, x: number, y: number): MaskHistory {
  const { strokes } = history.now;
  const last = strokes.at(-1);
  if (!last) return history;
  const longer = { ...last, points: [...last.points, x, y] };
  return { ...history, now: { ...history.now, strokes: [...strokes.slice(0, -1), longer] } };
}
