import {
  BUNDLED,
  type GenerationDefaults,
  type ModelId,
  modelLabel,
  RECOMMENDED,
} from '../../catalog/models.ts';
import type { ModelKind } from '../../catalog/schedulers.ts';
import type { InstalledModel } from '../../protocol/models.ts';

/** What the form needs to know of a model. */
export interface ModelCard {
  readonly label: string;
  readonly kind: ModelKind;
  readonly defaults: GenerationDefaults;
}

const STABLE_DIFFUSION_1 = 'stable-diffusion-v1-5/stable-diffusion-v1-5';

/** An unknown model is most often a Stable Diffusion 1. */
const UNKNOWN = {
  kind: 'diffusion',
  defaults: RECOMMENDED.find(({ id }) => id === STABLE_DIFFUSION_1)?.defaults as GenerationDefaults,
} as const;

/** A model by its id: bundled, recommended, installed, or unknown. */
export function modelCard(id: ModelId, installed: readonly InstalledModel[] | null): ModelCard {
  const known =
    BUNDLED[id] ??
    RECOMMENDED.find((model) => model.id === id) ??
    installed?.find((model) => model.id === id)?.facts ??
    UNKNOWN;
  return { label: modelLabel(id), kind: known.kind, defaults: known.defaults };
}

/** Whether a model can be used now: it is bundled, or all of its files are installed. */
export function isReady(id: ModelId, installed: readonly InstalledModel[] | null): boolean {
  return id in BUNDLED || (installed?.some((model) => model.id === id && model.complete) ?? false);
}
