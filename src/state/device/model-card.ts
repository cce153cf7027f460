import {
  bundledModel,
  type GenerationDefaults,
  type ModelId,
  modelLabel,
  RECOMMENDED,
  UNKNOWN_MODEL,
} from '../../catalog/models.ts';
import type { ModelKind } from '../../catalog/schedulers.ts';
import type { InstalledModel } from '../../protocol/models.ts';

/** What the form needs to know of a model. */
export interface ModelCard {
  readonly label: string;
  readonly kind: ModelKind;
  readonly defaults: GenerationDefaults;
}

/** A model by its id: bundled, recommended, installed, or unknown. */
export function modelCard(id: ModelId, installed: readonly InstalledModel[] | null): ModelCard {
  const known =
    bundledModel(id) ??
    RECOMMENDED.find((model) => model.id === id) ??
    installed?.find((model) => model.id === id)?.facts ??
    UNKNOWN_MODEL;
  return { label: modelLabel(id), kind: known.kind, defaults: known.defaults };
}

/** Whether a model can be used now: it is bundled, or all of its files are installed. */
export function isReady(id: ModelId, installed: readonly InstalledModel[] | null): boolean {
  return (
    bundledModel(id) !== undefined || (installed?.some((model) => model.id === id && model.complete) ?? false)
  );
}
