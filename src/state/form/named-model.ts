import { BUNDLED, CHECKPOINT_END, type ModelId, modelLabel } from '../../catalog/models.ts';
import type { InstalledModel } from '../../protocol/models.ts';

/** The name of a model's file, without folders and extension. */
const stem = (name: string) =>
  (name.split(/[/\\:]/).at(-1) as string).replace(CHECKPOINT_END, '').toLowerCase();

/** Names that files of all kinds have in repositories: only the whole id tells which is meant. */
const USUAL = /^((diffusion_)?pytorch_)?model(\.fp16|\.non_ema)*$/;

/** A model on this device by its id, its file's name or its label; null if there is none. */
export function namedModel(
  name: string,
  installed: readonly InstalledModel[] | null,
  fits: (model: InstalledModel) => boolean,
): ModelId | null {
  const ready = installed?.filter((model) => model.complete && fits(model)) ?? [];
  const ids = [...Object.keys(BUNDLED), ...ready.map(({ id }) => id)];
  const wanted = stem(name);
  const isNamed = (id: ModelId) =>
    (stem(id) === wanted && !USUAL.test(wanted)) || modelLabel(id).toLowerCase() === name.toLowerCase();
  return ids.find((id) => id === name) ?? ids.find(isNamed) ?? null;
}
