import type { Shape } from '../../../catalog/shapes.ts';
import { SETTINGS } from '../../../protocol/settings.ts';
import { snap } from '../../../state/form/fields.ts';

/** Sides whose ratio is kept. */
export interface KeptRatio {
  /** Width over height. */
  readonly ratio: number;
  /** The sides, in pixels, as they came of it last: rounded. */
  readonly sides: Shape;
}

/** Keeps the ratio of these sides from now on. */
export const keepRatioOf = (sides: Shape): KeptRatio => ({
  ratio: sides.width / sides.height,
  sides: rounded(sides),
});

/** The same ratio with one side typed: the other one follows, within its limits. */
export function withSide({ ratio }: KeptRatio, name: keyof Shape, pixels: number): KeptRatio {
  const sides =
    name === 'width' ? { width: pixels, height: pixels / ratio } : { width: pixels * ratio, height: pixels };
  return { ratio, sides: rounded(sides) };
}

/** What is kept once the sides are these: another ratio if something else than that has changed them, as a model or a link. */
export function keptBy(kept: KeptRatio, sides: Shape): KeptRatio {
  const { width, height } = rounded(sides);
  return width === kept.sides.width && height === kept.sides.height ? kept : keepRatioOf(sides);
}

const rounded = ({ width, height }: Shape): Shape => ({
  width: snap(SETTINGS.width, width),
  height: snap(SETTINGS.height, height),
});
