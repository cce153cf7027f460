import type { Border, Size } from '../../../protocol/placement.ts';
import { LARGEST_SIDE, SETTINGS } from '../../../protocol/settings.ts';

export type Side = keyof Border;
export const SIDES = ['left', 'top', 'right', 'bottom'] as const satisfies readonly Side[];
/** Sizes go in steps of 8, and so do borders. */
export const BORDER_STEP = SETTINGS.width.step;

const OPPOSITE = { left: 'right', right: 'left', top: 'bottom', bottom: 'top' } as const;

/** The most a side can have: the canvas is not to outgrow what the form takes. */
export function mostOf(side: Side, border: Border, { width, height }: Size): number {
  const inner = side === 'left' || side === 'right' ? width : height;
  return Math.max(0, LARGEST_SIDE - inner - border[OPPOSITE[side]]);
}

/** The border with one side set, snapped and kept within what is allowed; what is no number leaves it. */
export function borderWith(border: Border, side: Side, pixels: number, inner: Size): Border {
  if (!Number.isFinite(pixels)) return border;
  const snapped = Math.round(pixels / BORDER_STEP) * BORDER_STEP;
  return { ...border, [side]: Math.min(mostOf(side, border, inner), Math.max(0, snapped)) };
}
