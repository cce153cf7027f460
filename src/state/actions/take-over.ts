import { type ModelId, modelLabel } from '../../catalog/models.ts';
import { TEXT_NAMES } from '../../protocol/settings.ts';
import { modelCard } from '../device/model-card.ts';
import { type Fields, usualFields } from '../form/fields.ts';
import type { Replaced } from '../form/takeovers-store.ts';
import type { Stores } from '../stores.ts';

type Fact = Parameters<ReturnType<Stores['notice']['getState']>['say']>[0];

/**
 * Lets something fill the form that no person types: texts that it replaces are remembered, and it can be undone, by Ctrl+Z and
 * by the notice.
 * @param factOf what the notice says; null for none
 */
export async function takeOver(
  { takeovers, prompts, settings, notice }: Stores,
  change: () => unknown,
  factOf: (replaced: Replaced) => Fact | null,
): Promise<void> {
  prompts.getState().remember(settings.getState().fields);
  const replaced = await takeovers.getState().during(change);
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

/** Puts back what the last takeover has replaced. What it puts away is remembered. */
export async function undoTakeover({ takeovers, prompts, settings, notice }: Stores): Promise<void> {
  prompts.getState().remember(settings.getState().fields);
  if (await takeovers.getState().undo()) notice.getState().say({ kind: 'settings-restored' });
}

/** Does again what was undone last. */
export async function redoTakeover({ takeovers, prompts, settings, notice }: Stores): Promise<void> {
  prompts.getState().remember(settings.getState().fields);
  if (await takeovers.getState().redo())
    notice.getState().say({ kind: 'settings-applied', absent: null }, { canUndo: true });
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
