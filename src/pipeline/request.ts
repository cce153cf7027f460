import type { InitImage } from '../image/init-image.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import type { HiresRequest } from './hires.ts';

/** What the pipeline is asked for: a request with its files read and its model opened. */
export type PipelineRequest = Omit<
  GenerationRequest,
  'model' | 'textEncoder' | 'unet' | 'vae' | 'previewVae' | 'bits' | 'device' | 'image' | 'hires'
> & {
  /** Null to begin with noise. */
  readonly image: InitImage | null;
  readonly hires: HiresRequest | null;
};
