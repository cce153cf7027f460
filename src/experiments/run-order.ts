import type { GenerationRequest } from '../protocol/generation.ts';

/**
 * What is dear to change between two pictures, the dearest first: the model is opened anew; the U-Net for another size,
 * or for one text in place of two; texts that have not been read yet are encoded.
 */
const DEAR: readonly ((request: GenerationRequest) => string)[] = [
  ({ model }) => model,
  ({ width, height }) => `${width} ${height}`,
  ({ guidanceScale }) => String(guidanceScale <= 1),
  ({ prompt, negativePrompt, clipSkip }) => JSON.stringify([prompt, negativePrompt, clipSkip]),
];

/**
 * The order in which requests change least: as given, but whatever is dear to change stays until all is done with it.
 * @returns the places of `requests`, each once
 */
export function runOrder(requests: readonly GenerationRequest[]): number[] {
  const ranks = DEAR.map((keyOf) => {
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
