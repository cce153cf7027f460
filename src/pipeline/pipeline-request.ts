import type { InitImage } from '../image/prepare-init-image.ts';
import type { PicturePromptRequest } from '../loaders/family.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import type { Hires } from '../protocol/hires.ts';
import type { ModelName } from '../protocol/settings.ts';
import type { Control } from './controls.ts';

/** The second pass, with the picture the first one started from, if any, at the size of the second. */
export type HiresRequest = Hires & { readonly image: InitImage | null };

/** What the pipeline is asked for: a request whose files have been read, for a model that has been loaded. */
export type PipelineRequest = Omit<
  GenerationRequest,
  ModelName | 'bits' | 'device' | 'image' | 'hires' | 'controls' | 'picturePrompts'
> & {
  /** Null to start from noise. */
  readonly image: InitImage | null;
  /** Null for a single pass. */
  readonly hires: HiresRequest | null;
  readonly controls: readonly Control[];
  readonly picturePrompts: readonly PicturePromptRequest[];
};
