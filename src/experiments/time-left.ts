import type { GenerationRequest } from '../protocol/calls.ts';

/** A picture that was made, and how long it took. */
export interface Timing {
  readonly request: GenerationRequest;
  readonly seconds: number;
}

/** How much there is to compute, in pixels through the U-Net. */
export function workOf({
  width,
  height,
  numInferenceSteps,
  guidanceScale,
  image,
}: GenerationRequest): number {
  const steps = Math.max(1, numInferenceSteps * (image?.strength ?? 1));
  return steps * width * height * (guidanceScale > 1 ? 2 : 1);
}

/**
 * About how many seconds these requests will take, at the median pace of those that were timed; null where nothing was.
 */
export function secondsFor(requests: readonly GenerationRequest[], timed: readonly Timing[]): number | null {
  if (timed.length === 0) return null;
  const paces = timed.map(({ request, seconds }) => seconds / workOf(request)).toSorted((a, b) => a - b);
  // The first one loads the model; the lower median forgets it at once.
  const pace = paces[Math.floor((paces.length - 1) / 2)] as number;
  return pace * requests.reduce((sum, request) => sum + workOf(request), 0);
}
