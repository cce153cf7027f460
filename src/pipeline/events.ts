import type { Picture } from '../image/picture.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { GenerationProgress } from '../protocol/generation.ts';

type Progress<Stage extends GenerationProgress['stage']> = Extract<GenerationProgress, { stage: Stage }>;

/**
 * What happens during a run, in order: what the page is told (`GenerationProgress`), with pictures as pixels. `image` counts
 * from 0, `step` from 1.
 */
export type PipelineEvent =
  | Progress<'substitute' | 'plan' | 'encode' | 'hires' | 'decode'>
  | (Omit<Progress<'denoise'>, 'preview' | 'secondsLeft'> & {
      /** Some samplers evaluate the model more than once per step; counts from 1 in each pass. */
      readonly evaluation: number;
      readonly evaluations: number;
      readonly preview: Picture;
      /** The clean latents [1, C, h, w] that the model takes the picture for at this step, for whoever wants it as it is. */
      readonly estimate: () => Tensor;
      /** Whether these are decoded in tiles. */
      readonly isTiled: boolean;
    })
  | (Omit<Progress<'frame'>, 'picture'> & { readonly picture: Picture })
  | (Omit<Progress<'image'>, 'picture'> & { readonly seed: number; readonly picture: Picture });

/** Told of each event in turn, and awaited: so the caller may let messages in between two steps. */
export type Emit = (event: PipelineEvent) => Promise<void>;
