import type { GenerationRequest, PassNumber } from '../protocol/generation.ts';
import { growthOf } from '../protocol/hires.ts';

/** A finished evaluation of the model, out of `evaluations` for its picture in its pass; both from 1, `image` from 0. */
interface Evaluation {
  readonly pass: PassNumber;
  readonly image: number;
  readonly evaluation: number;
  readonly evaluations: number;
}

/**
 * Estimates the time left, in seconds, from the median time of a pass's evaluations. Until the second pass starts, its
 * evaluations are expected to take longer in proportion to the pixels.
 * @returns called with each finished evaluation and the milliseconds it took
 */
export function createEta(
  request: Pick<GenerationRequest, 'numImages' | 'width' | 'height' | 'hires'>,
): (evaluation: Evaluation, milliseconds: number) => number {
  const { numImages, hires } = request;
  const durations: Record<PassNumber, number[]> = { 1: [], 2: [] };
  const secondPass = hires ? hires.steps * numImages * growthOf(request, hires.scale) : 0;
  return ({ pass, image, evaluation, evaluations }, milliseconds) => {
    durations[pass].push(milliseconds);
    const left = evaluations - evaluation + evaluations * (numImages - 1 - image);
    const later = pass === 1 ? secondPass : 0;
    return ((left + later) * median(durations[pass])) / 1000;
  };
}

/** The lower median: the first step takes longer, as it loads and compiles, and is outvoted by the second already. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
