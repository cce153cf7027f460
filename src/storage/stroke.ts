import * as v from 'valibot';

/** One stroke of the brush. Positions are fractions of the picture's width and height, 0 … 1 within it. */
export interface Stroke {
  /** x, y, x, y, … */
  readonly points: readonly number[];
  /** As a fraction of the picture's width. */
  readonly radius: number;
  /** The part of the radius that fades out, 0 … 1. */
  readonly softness: number;
  /** Whether it removes what other strokes have marked. */
  readonly erases: boolean;
}

const number = v.pipe(v.number(), v.finite());

/** What is taken for a stored stroke. */
export const StrokeSchema = v.object({
  points: v.pipe(
    v.array(number),
    v.minLength(2),
    v.check((points) => points.length % 2 === 0),
  ),
  radius: v.pipe(number, v.gtValue(0)),
  softness: v.pipe(number, v.minValue(0), v.maxValue(1)),
  erases: v.boolean(),
});
