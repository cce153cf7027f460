import type { Rect, Size } from '../protocol/placement.ts';
import type { GreyPicture } from './picture.ts';

/**
 * VaeImageProcessor.get_crop_region (diffusers image_processor.py): the smallest rectangle around everything that isn't
 * black, larger by `margin` pixels on each side, then grown to the shape of `size` as far as the mask allows.
 * @returns null for a mask that is all black
 */
export function cropRegion(mask: GreyPicture, size: Size, margin: number): Rect | null {
  const bounds = boundsOf(mask);
  if (!bounds) return null;
  let [x1, x2] = withMargin(bounds.x, bounds.x + bounds.width, margin, mask.width);
  let [y1, y2] = withMargin(bounds.y, bounds.y + bounds.height, margin, mask.height);
  const ratio = size.width / size.height;
  if ((x2 - x1) / (y2 - y1) > ratio) [y1, y2] = grow(y1, y2, Math.trunc((x2 - x1) / ratio), mask.height);
  else [x1, x2] = grow(x1, x2, Math.trunc((y2 - y1) * ratio), mask.width);
  return { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
}

function boundsOf({ width, height, data }: GreyPicture): Rect | null {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (const [i, value] of data.entries()) {
    if (value === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = y;
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

const withMargin = (from: number, to: number, margin: number, end: number): [number, number] => [
  Math.max(from - margin, 0),
  Math.min(to + margin, end),
];

/** Moves both ends outwards until the span has `length`: one end moves further where the other meets an edge. */
function grow(from: number, to: number, length: number, end: number): [number, number] {
  const more = length - (to - from);
  let [start, stop] = [from - Math.floor(more / 2), to + more - Math.floor(more / 2)];
  if (stop >= end) [start, stop] = [start - (stop - end), end];
  if (start < 0) [start, stop] = [0, stop - start];
  return [start, Math.min(stop, end)];
}
