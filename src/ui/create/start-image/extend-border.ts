import type { Border, Rect, Size } from '../../../protocol/placement.ts';
import { LARGEST_SIDE, SETTINGS } from '../../../protocol/settings.ts';
import type { Side } from '../../texts/placement-text.ts';

/** Pixels: like sizes, borders are multiples of 8. */
export const BORDER_STEP = SETTINGS.width.step;

/** How much is shown around the canvas, as a fraction of its longer side: room to drag its edges outwards. */
const AROUND = 0.25;

const OPPOSITE = { left: 'right', right: 'left', top: 'bottom', bottom: 'top' } as const;

/** The most pixels that a side can have: the canvas must not become larger than the form accepts. */
export function mostOf(side: Side, border: Border, { width, height }: Size): number {
  const inner = side === 'left' || side === 'right' ? width : height;
  return Math.max(0, LARGEST_SIDE - inner - border[OPPOSITE[side]]);
}

/** The border with one side changed, snapped and kept within the limits; NaN leaves it as it is. */
export function borderWith(border: Border, side: Side, pixels: number, inner: Size): Border {
  if (!Number.isFinite(pixels)) return border;
  const snapped = Math.round(pixels / BORDER_STEP) * BORDER_STEP;
  return { ...border, [side]: Math.min(mostOf(side, border, inner), Math.max(0, snapped)) };
}

/** The canvas with its border, in pixels. */
export function extended(inner: Size, { left, top, right, bottom }: Border): Size {
  return { width: inner.width + left + right, height: inner.height + top + bottom };
}

/**
 * What the editor shows, in pixels of the canvas.
 * @param viewed the border that the view was made for
 * @param border the border that is drawn in it
 */
export function viewAround(inner: Size, viewed: Border, border: Border): { view: Size; onView: Rect } {
  const { width, height } = extended(inner, viewed);
  const margin = AROUND * Math.max(width, height);
  return {
    view: { width: width + 2 * margin, height: height + 2 * margin },
    onView: {
      x: margin + viewed.left - border.left,
      y: margin + viewed.top - border.top,
      ...extended(inner, border),
    },
  };
}
