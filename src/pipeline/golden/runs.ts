import type { SchedulerId } from '../../catalog/schedulers.ts';
import type { Picture } from '../../image/picture.ts';
import { REQUEST_DEFAULTS } from '../../protocol/generation.ts';
import type { Hires } from '../../protocol/hires.ts';
import type { PipelineRequest } from '../request.ts';

/** A request as golden/pipeline.py, golden/families.py and golden/hires.py write it. */
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
  /** Begins with a picture: how much of the run is left. */
  readonly strength?: number;
  /** And paints a part of it anew. */
  readonly mask?: boolean;
  /** Gone over again, larger. */
  readonly hires?: Hires;
  /** A textual-inversion file, and what the prompt calls it is `mystyle`. */
  readonly embedding?: string;
}

/** The same in our own words. */
export function toRequest(
  run: GoldenRequest,
  embeddings: PipelineRequest['embeddings'] = [],
): PipelineRequest {
  const { prompt, width, height, seed, scheduler } = run;
  return {
    ...REQUEST_DEFAULTS,
    embeddings,
    ...{ prompt, width, height, seed, scheduler },
    negativePrompt: run.negative,
    numInferenceSteps: run.steps,
    guidanceScale: run.guidance,
    numImages: 1,
    filmstrip: false,
    clipSkip: run.clip_skip ?? REQUEST_DEFAULTS.clipSkip,
    guidanceRescale: run.rescale ?? REQUEST_DEFAULTS.guidanceRescale,
    eta: run.eta ?? REQUEST_DEFAULTS.eta,
  };
}

/** The largest difference of any colour of any pixel from an 8-bit RGB picture; infinite when the sizes differ. */
export function worstDifference({ rgba }: Picture, rgb: Uint8Array): number {
  const found = rgba.filter((_, i) => i % 4 !== 3);
  if (found.length !== rgb.length) return Number.POSITIVE_INFINITY;
  return found.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (rgb[i] as number))), 0);
}

/** 8-bit RGB, row by row, as a picture. */
export function fromRgb(rgb: Uint8Array, width: number, height: number): Picture {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [i, value] of rgb.entries()) rgba[Math.floor(i / 3) * 4 + (i % 3)] = value;
  return { width, height, rgba };
}
