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
export async function removeModel({ models, settings, notice }: Stores, id: ModelId): Promise<void> {
  await models.getState().remove(id);
  if (models.getState().installed?.some((model) => model.id === id)) return;
  const { fields, chooseModel, set } = settings.getState();
  const used = MODEL_NAMES.filter((name) => fields[name] === id);
  if (used.length === 0) return;
  const own = fieldsOf(OWN_COMPONENTS);
  for (const name of used) if (name !== 'model') set(name, own[name]);
  const isModel = used.includes('model');
  if (isModel) chooseModel(FIRST, modelCard(FIRST, null).defaults);
  const instead = isModel ? modelLabel(FIRST) : null;
  notice.getState().say({ kind: 'model-deleted', label: modelLabel(id), instead });
}
