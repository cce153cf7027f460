import { type ModelId, modelLabel } from '../../catalog/models.ts';
import { OWN_COMPONENTS } from '../../protocol/generation.ts';
import { MODEL_NAMES, SETTINGS } from '../../protocol/settings.ts';
import { modelCard } from '../device/model-card.ts';
import { fieldsOf } from '../form/fields.ts';
import type { Stores } from '../stores.ts';

/** The model of a fresh form, which comes with the page. */
const FIRST = SETTINGS.model.initial;

/**
 * Deletes a model. A form that uses it goes back to the bundled model, with that one's usual settings, or to the model's own
 * component; the page says so. Another tab's form keeps it, and says at Generate that it isn't there.
 */
export async function removeModel(stores: Stores, id: ModelId): Promise<void> {
  const { models, notice } = stores;
  await models.getState().remove(id);
  if (models.getState().installed?.some((model) => model.id === id)) return;
  const left = leaveModel(stores, id);
  if (left) notice.getState().say({ kind: 'model-deleted', ...left });
}

/**
 * Takes a model that is not on this device out of the form.
 * @returns what it was called, and which model the form uses instead; null where the form does not use it
 */
export function leaveModel(
  { settings }: Pick<Stores, 'settings'>,
  id: ModelId,
): { readonly label: string; readonly instead: string | null } | null {
  const { fields, chooseModel, set } = settings.getState();
  const used = MODEL_NAMES.filter((name) => fields[name] === id);
  if (used.length === 0) return null;
  const own = fieldsOf(OWN_COMPONENTS);
  for (const name of used) if (name !== 'model') set(name, own[name]);
  const isModel = used.includes('model');
  if (isModel) chooseModel(FIRST, modelCard(FIRST, null).defaults);
  return { label: modelLabel(id), instead: isModel ? modelLabel(FIRST) : null };
}
