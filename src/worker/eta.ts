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
 * Estimates the time left, in seconds, from the time that a pass's evaluations have taken. Until the second pass starts, its
 * evaluations are expected to take longer in proportion to the pixels.
 * @param isOneByOne whether each picture goes through both passes before the next one begins
 * @returns called with each finished evaluation and the milliseconds it took
 */
export function createEta(
  request: Pick<GenerationRequest, 'numImages' | 'width' | 'height' | 'hires'>,
  isOneByOne = false,
): (evaluation: Evaluation, milliseconds: number) => number {
  const { numImages, hires } = request;
  const durations: Record<PassNumber, number[]> = { 1: [], 2: [] };
  const counts: Record<PassNumber, number> = { 1: 0, 2: 0 };
  const passTime = (pass: PassNumber) => counts[pass] * usual(durations[pass]);
  const expected = () => (hires ? hires.steps * growthOf(request, hires.scale) * usual(durations[1]) : 0);
  return ({ pass, image, evaluation, evaluations }, milliseconds) => {
    durations[pass].push(milliseconds);
    counts[pass] = evaluations;
    const here = (evaluations - evaluation) * usual(durations[pass]);
    const others = numImages - 1 - image;
    const second = counts[2] > 0 ? passTime(2) : expected();
    const isFirst = pass === 1;
    const later = isOneByOne
      ? (isFirst ? second : 0) + others * (passTime(1) + second)
      : isFirst
        ? others * passTime(1) + numImages * second
        : others * second;
    return (here + later) / 1000;
  };
}

/**
 * The mean but for the longest: the first step loads and compiles. No median, because of DeepCache's and T-GATE's evaluations many
 * take a fraction of the others'.
 */
function usual(values: readonly number[]): number {
  const [longest = 0, ...others] = values.toSorted((a, b) => b - a);
  return others.length > 0 ? others.reduce((sum, value) => sum + value, 0) / others.length : longest;
}
