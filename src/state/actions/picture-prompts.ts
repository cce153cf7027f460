import { fittingAdapters } from '../form/picture-prompts.ts';
import { NEW_PICTURE_PROMPT } from '../form/picture-prompts-store.ts';
import { randomName } from '../random-name.ts';
import type { Stores } from '../stores.ts';
import { takeOver } from './take-over.ts';

/** Adds a picture prompt with an IP-Adapter that fits the form's model, where there is one. */
export function addPicturePrompt({ picturePrompts, settings, models }: Stores): void {
  const { installed } = models.getState();
  const [first] = fittingAdapters({ fields: settings.getState().fields, installed });
  picturePrompts.getState().add({ ...NEW_PICTURE_PROMPT, id: randomName(), adapter: first?.id ?? null });
}

/** Removes a picture prompt with its pictures; it can be undone. */
export const removePicturePrompt = (stores: Stores, id: string): Promise<void> =>
  takeOver(
    stores,
    () => stores.picturePrompts.getState().remove(id),
    () => ({ kind: 'picture-prompt-removed' }),
  );
