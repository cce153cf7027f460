import type { Rect } from '../../../protocol/placement.ts';
import type { SegmentPrompt } from '../../../protocol/segment.ts';
import { onPicture } from './use-brush.ts';
import type { Point } from './use-pen.ts';
import type { PlacedOnCanvas } from './use-placement.ts';

/** What is asked for at a point of the canvas; null for one beside the picture. */
export function promptAt(at: Point, placed: PlacedOnCanvas): SegmentPrompt | null {
  const [x, y] = onPicture(at, placed);
  if (x < 0 || y < 0 || x > 1 || y > 1) return null;
  return { points: [{ x, y, isPart: true }], box: null };
}

/** What is asked for in a box of the canvas, as far as the picture lies in it; null for one beside the picture. */
export function promptIn(box: Rect, placed: PlacedOnCanvas): SegmentPrompt | null {
  const [left, top] = onPicture(box, placed);
  const [right, bottom] = onPicture({ x: box.x + box.width, y: box.y + box.height }, placed);
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  const [width, height] = [Math.min(1, right) - x, Math.min(1, bottom) - y];
  return width > 0 && height > 0 ? { points: [], box: { x, y, width, height } } : null;
}

/** The rectangle between two of its corners. */
export const boxOf = (a: Point, b: Point): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
});
