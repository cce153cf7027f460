import type { ModelKind, SchedulerId } from './schedulers.ts';

/** What a fresh form holds for a model. */
export interface GenerationDefaults {
  readonly width: number;
  readonly height: number;
  readonly numInferenceSteps: number;
  readonly guidanceScale: number;
  readonly scheduler: SchedulerId;
}

export interface CatalogModel {
  readonly label: string;
  /** The diffusers repository: a folder beside index.html, with a `manifest.json` that lists its files. */
  readonly path: string;
  readonly licence: string;
  /** Which samplers are right for it. */
  readonly kind: ModelKind;
  /** What all its files weigh, 10⁶ bytes each. */
  readonly megabytes: number;
  readonly defaults: GenerationDefaults;
}

export const MODELS = {
  trinket: {
    label: 'Trinket',
    path: 'models/trinket',
    licence: 'MIT',
    kind: 'diffusion',
    megabytes: 24,
    defaults: { width: 128, height: 128, numInferenceSteps: 20, guidanceScale: 4, scheduler: 'ddim' },
  },
} as const satisfies Record<string, CatalogModel>;

export type ModelId = keyof typeof MODELS;
