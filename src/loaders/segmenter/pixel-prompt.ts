import type { GreyPicture } from '../../image/picture.ts';
import type { Rect, Size } from '../../protocol/placement.ts';
import type { SegmentPrompt } from '../../protocol/segment.ts';
import type { SegmentPoint } from './load-segmenter.ts';

/** What is looked for, as points of the picture; and where it ends. */
export interface PixelPrompt {
  readonly points: readonly SegmentPoint[];
  /** In pixels; null where it may be anywhere. */
  readonly box: Rect | null;
}

/** How far beyond a box what does not belong to it is marked, as a part of its shorter side. */
const BEYOND = 0.1;

/**
 * A box becomes its middle and what lies beyond the middle of each of its edges: the graphs on the Hub take points, and of those only
 * labels 0 and 1 (transformers, SamPromptEncoder._embed_points), so that a box's corners cannot be given.
 */
export function pixelPrompt({ points, box }: SegmentPrompt, { width, height }: Size): PixelPrompt {
  const pixel = (part: number, length: number) =>
    Math.min(length - 1, Math.max(0, Math.floor(part * length)));
  const given = points.map(({ x, y, isPart }) => ({ x: pixel(x, width), y: pixel(y, height), isPart }));
  if (!box) return { points: given, box };
  const [left, top] = [pixel(box.x, width), pixel(box.y, height)];
  const right = Math.max(left, pixel(box.x + box.width, width));
  const bottom = Math.max(top, pixel(box.y + box.height, height));
  const [x, y] = [Math.round((left + right) / 2), Math.round((top + bottom) / 2)];
  const far = Math.max(1, Math.round(BEYOND * Math.min(right - left + 1, bottom - top + 1)));
  const beyond = [
    { x, y: top - far },
    { x, y: bottom + far },
    { x: left - far, y },
    { x: right + far, y },
  ].filter((at) => at.x >= 0 && at.y >= 0 && at.x < width && at.y < height);
  return {
    points: [{ x, y, isPart: true }, ...beyond.map((at) => ({ ...at, isPart: false })), ...given],
    box: { x: left, y: top, width: right - left + 1, height: bottom - top + 1 },
  };
}

/** What of a mask lies in a box, in pixels. */
export function within({ width, height, data }: GreyPicture, box: Rect | null): GreyPicture {
  if (!box) return { width, height, data };
  const kept = new Uint8ClampedArray(data.length);
  for (let y = box.y; y < box.y + box.height; y++) {
    const from = y * width + box.x;
    kept.set(data.subarray(from, from + box.width), from);
  }
  return { width, height, data: kept };
}
