import { paintedTexts } from '../prompt/templates.ts';
import type { GenerationRequest, PaintedTexts } from '../protocol/generation.ts';

/** Pictures of a run that have the same texts, as a request of their own; `first` is the number of the first, counted from 0. */
export interface Part {
  readonly first: number;
  readonly request: GenerationRequest;
}

/** A request with the words of its texts chosen, by the seed of each picture: in one part where all pictures have the same. */
export function alikeParts(request: GenerationRequest): Part[] {
  const { seed, numImages } = request;
  const all = Array.from({ length: numImages }, (_, image) => paintedTexts(request, seed + image));
  const [texts] = all as [PaintedTexts];
  if (all.every((one) => isAlike(one, texts))) return [{ first: 0, request: { ...request, ...texts } }];
  return all.map((one, first) => ({
    first,
    request: { ...request, ...one, seed: seed + first, numImages: 1 },
  }));
}

const isAlike = (a: PaintedTexts, b: PaintedTexts) =>
  a.prompt === b.prompt && a.negativePrompt === b.negativePrompt;
