import type { GenerationRequest } from '../generation.ts';
import { REQUEST_DEFAULTS } from '../generation.ts';

/** For tests: a small request, with what the test is about changed. */
export const requestWith = (changes: Partial<GenerationRequest> = {}): GenerationRequest => ({
  ...REQUEST_DEFAULTS,
  model: 'trinket',
  device: 'auto',
  prompt: 'a red apple',
  negativePrompt: '',
  width: 96,
  height: 64,
  numInferenceSteps: 2,
  guidanceScale: 4,
  seed: 0,
  numImages: 1,
  scheduler: 'ddim',
  filmstrip: false,
  ...changes,
});
