import type { SchedulerId } from '../../catalog/schedulers.ts';
import { UNTOLD } from '../../protocol/calls.ts';
import type { Picture } from '../picture.ts';
import type { TextToImageRequest } from '../text-to-image.ts';

/** A request as golden/pipeline.py and golden/families.py write it. */
export interface GoldenRequest {
  readonly prompt: string;
  readonly negative: string;
  readonly width: number;
  readonly height: number;
  readonly steps: number;
  readonly guidance: number;
  readonly seed: number;
  readonly scheduler: SchedulerId;
  readonly clip_skip?: number;
  readonly rescale?: number;
  readonly eta?: number;
  /** A textual-inversion file, and what the prompt calls it is `mystyle`. */
  readonly embedding?: string;
}

/** The same in our own words. */
export function toRequest(
  run: GoldenRequest,
  embeddings: TextToImageRequest['embeddings'] = [],
): TextToImageRequest {
  const { prompt, width, height, seed, scheduler } = run;
  return {
    ...UNTOLD,
    embeddings,
    ...{ prompt, width, height, seed, scheduler },
    negativePrompt: run.negative,
    numInferenceSteps: run.steps,
    guidanceScale: run.guidance,
    numImages: 1,
    filmstrip: false,
    clipSkip: run.clip_skip ?? UNTOLD.clipSkip,
    guidanceRescale: run.rescale ?? UNTOLD.guidanceRescale,
    eta: run.eta ?? UNTOLD.eta,
  };
}

/** The largest difference of any colour of any pixel from an 8-bit RGB picture; infinite when the sizes differ. */
export function worstDifference({ rgba }: Picture, rgb: Uint8Array): number {
  const found = rgba.filter((_, i) => i % 4 !== 3);
  if (found.length !== rgb.length) return Number.POSITIVE_INFINITY;
  return found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (rgb[i] as number))), 0);
}
