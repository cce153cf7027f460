import type { Picture } from '../image/picture.ts';
import type { MemoryPlan } from '../protocol/device.ts';
import type { PassNumber } from '../protocol/generation.ts';

/** What happens during a run, in order; `image` counts from 0, `step` from 1. */
export type PipelineEvent =
  | { readonly stage: 'substitute'; readonly asked: string }
  | { readonly stage: 'plan'; readonly plan: MemoryPlan }
  | { readonly stage: 'encode' }
  | {
      readonly stage: 'denoise';
      readonly image: number;
      readonly pass: PassNumber;
      readonly step: number;
      readonly steps: number;
      /** Some samplers evaluate the model more than once a step; from 1, in this pass. */
      readonly evaluation: number;
      readonly evaluations: number;
      readonly preview: Picture;
    }
  | {
      readonly stage: 'frame';
      readonly image: number;
      readonly pass: PassNumber;
      readonly step: number;
      readonly picture: Picture;
    }
  | { readonly stage: 'enlarge'; readonly image: number }
  | { readonly stage: 'decode'; readonly image: number }
  | { readonly stage: 'image'; readonly image: number; readonly seed: number; readonly picture: Picture };
