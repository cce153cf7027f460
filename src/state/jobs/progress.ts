import type { GenerationRequest, PassNumber } from '../../protocol/generation.ts';
import { growthOf } from '../../protocol/hires.ts';
import type { Generation } from './generation-store.ts';

/** How much of the job is done, 0 … 1; null where that is unknown. */
export function progressOf({ phase, progress, request }: Generation): number | null {
  if (phase === 'stopping' || !progress || !request) return null;
  const last = request.hires ? 2 : 1;
  switch (progress.stage) {
    case 'download':
      return progress.totalBytes > 0 ? progress.loadedBytes / progress.totalBytes : null;
    case 'device':
    case 'load':
    case 'tags':
    case 'plan':
    case 'substitute':
    case 'loras':
    case 'encode':
      return null;
    case 'denoise':
    case 'frame': {
      const { image, pass, step } = progress;
      return ofImages(request, pass, image + step / stepsOf(request, pass));
    }
    case 'hires':
      return ofImages(request, 2, 0);
    case 'decode':
    case 'image':
      return ofImages(request, last, progress.image + 1);
  }
}

/** How many steps a pass has. */
export function stepsOf({ numInferenceSteps, hires }: GenerationRequest, pass: PassNumber): number {
  return pass === 2 && hires ? hires.steps : numInferenceSteps;
}

/** How much of a run is done, 0 … 1, after `images` of this pass; a step of the second pass counts by its pixels. */
function ofImages(request: GenerationRequest, pass: PassNumber, images: number): number {
  const { numImages, numInferenceSteps, hires } = request;
  const second = hires ? (hires.steps * growthOf(request, hires.scale)) / numInferenceSteps : 0;
  const done = pass === 1 ? images : numImages + images * second;
  return done / (numImages * (1 + second));
}
