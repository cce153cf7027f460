import type { GenerationRequest, PassNumber } from '../protocol/generation.ts';
import { growthOf } from '../protocol/hires.ts';

/** An evaluation that is done, of `evaluations` of its image in its pass; both from 1, `image` from 0. */
interface Done {
  readonly pass: PassNumber;
  readonly image: number;
  readonly evaluation: number;
  readonly evaluations: number;
}

/**
 * Tells, at each evaluation, how many seconds are left: those to come of all images, at the median pace of their pass. What
 * the second pass will take is guessed from the pixels there are more of.
 */
export function paceOf(
  request: Pick<GenerationRequest, 'numImages' | 'width' | 'height' | 'hires'>,
): (done: Done, milliseconds: number) => number {
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

/** The first step loads and compiles; the lower median forgets it at once. */
function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
