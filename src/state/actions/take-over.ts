import { type ModelId, modelLabel } from '../../catalog/models.ts';
import { OWN_COMPONENTS } from '../../protocol/generation.ts';
import { MODEL_NAMES, TEXT_NAMES } from '../../protocol/settings.ts';
import { isReady, modelCard } from '../device/model-card.ts';
import { type Fields, fieldsOf, usualFields } from '../form/fields.ts';
import type { Replaced, Takeovers } from '../form/takeovers-store.ts';
import type { Stores } from '../stores.ts';
import { leaveModel } from './remove-model.ts';

type Fact = Parameters<ReturnType<Stores['notice']['getState']>['say']>[0];

/**
 * Lets something fill the form that no person types: texts that it replaces are remembered, and it can be undone, by Ctrl+Z and
 * by the notice.
 * @param factOf what the notice says; null for none
 */
export async function takeOver(
  { takeovers, prompts, settings, notice, generation }: Stores,
  change: Parameters<Takeovers['during']>[0],
  factOf: (replaced: Replaced) => Fact | null,
): Promise<void> {
  prompts.getState().remember(settings.getState().fields);
  const replaced = await takeovers.getState().during(change);
  // It was about another form.
  if (replaced) generation.getState().dismissError();
  const fact = replaced && factOf(replaced);
  if (fact) notice.getState().say(fact, { canUndo: true });
  // An older notice would undo this instead.
  else if (replaced && notice.getState().canUndo) notice.getState().hide();
}

/** Whether a takeover has replaced a text that was there. */
export const replacedText = ({ fields }: Replaced): boolean =>
  TEXT_NAMES.some((name) => fields[name] !== undefined && fields[name].trim() !== '');

/** Puts another prompt into the form. @param isLoss whether one that was typed is gone with it, which the notice says */
export const takePrompt = (stores: Stores, prompt: string, isLoss: boolean): Promise<void> =>
  takeOver(
    stores,
    () => stores.settings.getState().set('prompt', prompt),
    () => (isLoss ? { kind: 'prompt-replaced' } : null),
  );

/** Adds words at the end of the prompt: a LoRA's tag, an embedding, a trigger word. */
export function addToPrompt(stores: Stores, words: string): Promise<void> {
  const { prompt } = stores.settings.getState().fields;
  return takePrompt(stores, `${prompt.trimEnd()}${words}`.replace(/^[\s,]+/, ''), false);
}

/** Puts back what the last takeover has replaced. What it puts away is remembered. */
export async function undoTakeover(stores: Stores): Promise<void> {
  const { takeovers, prompts, settings, notice } = stores;
  prompts.getState().remember(settings.getState().fields);
  if (!(await takeovers.getState().undo())) return;
  stores.generation.getState().dismissError();
  notice.getState().say(leaveGone(stores) ?? { kind: 'settings-restored' });
}

/** Does again what was undone last. */
export async function redoTakeover(stores: Stores): Promise<void> {
  const { takeovers, prompts, settings, notice } = stores;
  prompts.getState().remember(settings.getState().fields);
  if (!(await takeovers.getState().redo())) return;
  stores.generation.getState().dismissError();
  notice.getState().say(leaveGone(stores) ?? { kind: 'settings-applied', absent: null }, { canUndo: true });
}

/** What comes back may name what was deleted since: the form does as when it is deleted. */
function leaveGone(stores: Stores): Fact | null {
  const { installed } = stores.models.getState();
  // It is not known yet.
  if (installed === null) return null;
  const own: readonly string[] = Object.values(fieldsOf(OWN_COMPONENTS));
  const { fields } = stores.settings.getState();
  const gone = MODEL_NAMES.map((name) => fields[name]).filter(
    (id) => !own.includes(id) && !isReady(id, installed),
  );
  const left = gone.map((id) => leaveModel(stores, id)).filter((one) => one !== null);
  const said = left.find(({ instead }) => instead !== null) ?? left[0];
  return said ? { kind: 'model-gone', ...said } : null;
}

/** Goes back to the usual settings of the form's model. */
export function resetToDefaults(stores: Stores): Promise<void> {
  const { settings, models } = stores;
  const { defaults } = modelCard(settings.getState().fields.model, models.getState().installed);
  return takeOver(
    stores,
    () => settings.getState().reset(defaults),
    () => ({ kind: 'settings-reset' }),
  );
}

/** Chooses another model, with its usual settings. The notice is for what a person had set by hand. */
export function chooseModel(stores: Stores, id: ModelId): Promise<void> {
  const { settings, models } = stores;
  const { installed } = models.getState();
  const before = usualFields(modelCard(settings.getState().fields.model, installed).defaults);
  return takeOver(
    stores,
    () => settings.getState().chooseModel(id, modelCard(id, installed).defaults),
    ({ fields }) => {
      const names = Object.keys(fields).filter((name) => name in before) as (keyof Fields)[];
      const isByHand = names.some((name) => fields[name] !== before[name]);
      return isByHand ? { kind: 'model-chosen', label: modelLabel(id) } : null;
    },
  );
}

/** Starts from a picture, in the place of the one there is with its mask. */
export const startFrom = (stores: Stores, file: Blob): Promise<void> =>
  takeOver(stores, () => stores.initImage.getState().take(file), imageReplaced);

/** Starts from a picture that came without being asked for; one that says how it was made waits for the person's answer. */
export const receivePicture = (stores: Stores, file: Blob): Promise<void> =>
  takeOver(stores, () => stores.initImage.getState().receive(file), imageReplaced);

/** Starts from no picture. */
export const discardImage = (stores: Stores): Promise<void> =>
  takeOver(
    stores,
    () => stores.initImage.getState().discard(),
    () => ({ kind: 'image-removed' }),
  );

const imageReplaced = ({ image }: Replaced): Fact | null => (image ? { kind: 'image-replaced' } : null);
