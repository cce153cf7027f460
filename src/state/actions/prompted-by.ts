import type { PicturePrompt } from '../../protocol/control.ts';
import { picturePromptsOf } from '../form/picture-prompts-store.ts';
import type { Stores } from '../stores.ts';

/**
 * The form's picture prompts as a request has them. Where one cannot be used, the Create screen shows which, and a notice says so.
 * @returns null there
 */
export async function promptedBy(stores: Stores): Promise<readonly PicturePrompt[] | null> {
  const { prompts, refuse } = stores.picturePrompts.getState();
  if (!prompts.some(({ isOn }) => isOn)) return [];
  const [{ picturePromptFault }, { isOneTooMany }] = await Promise.all([
    import('../form/picture-prompts.ts'),
    import('../form/steering-world.ts'),
  ]);
  const { fields } = stores.settings.getState();
  const { installed } = stores.models.getState();
  const at = prompts.findIndex(
    (prompt) =>
      prompt.isOn && (isOneTooMany(prompt, prompts) || picturePromptFault(prompt, { fields, installed })),
  );
  const refused = prompts[at];
  if (!refused) return picturePromptsOf(prompts);
  refuse(refused.id);
  stores.panel.getState().turn('picturePrompts', true);
  stores.notice.getState().say({ kind: 'picture-prompt-refused', number: at + 1 });
  return null;
}
