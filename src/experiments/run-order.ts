import type { GenerationRequest } from '../protocol/generation.ts';

/**
 * What is slow to change from one picture to the next, the slowest first: the model is reopened; the UNet is rebuilt for
 * another size, for one prompt instead of two, or to keep what DeepCache or T-GATE take over; prompts that are new are encoded.
 */
const SLOW_TO_CHANGE: readonly ((request: GenerationRequest) => string)[] = [
  ({ model }) => model,
  ({ width, height }) => `${width} ${height}`,
  ({ guidanceScale }) => String(guidanceScale <= 1),
  ({ cacheInterval, cacheBranchId, gateStep }) =>
    cacheInterval > 1 ? `deepcache ${cacheBranchId}` : gateStep > 0 ? 'tgate' : '',
  ({ prompt, negativePrompt, clipSkip }) => JSON.stringify([prompt, negativePrompt, clipSkip]),
];

/**
 * The order that runs `requests` fastest: the given order, except that whatever is slow to change stays until every request
 * that uses it is done.
 * @returns the indices of `requests`, each once
 */
export function runOrder(requests: readonly GenerationRequest[]): number[] {
  const ranks = SLOW_TO_CHANGE.map((keyOf) => {
    const keys = requests.map(keyOf);
    return keys.map((key) => keys.indexOf(key));
  });
  return requests
    .map((_, place) => place)
    .sort((a, b) => {
      const rank = ranks.find((places) => places[a] !== places[b]);
      return rank ? (rank[a] as number) - (rank[b] as number) : a - b;
    });
}
