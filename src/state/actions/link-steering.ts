import type { ControlSettings, PicturePromptSettings } from '../../protocol/control.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import type { StoredPicturePrompt } from '../../storage/stored-picture-prompt.ts';
import { NEW_CONTROL } from '../form/controls-store.ts';
import type { OfferedSteering } from '../form/offered-steering.ts';
import { NEW_PICTURE_PROMPT } from '../form/picture-prompts-store.ts';
import { controlText, type LinkedSteering, promptText } from '../form/steering-link.ts';
import { randomName } from '../random-name.ts';
import type { Stores } from '../stores.ts';

type Steering = Pick<Stores, 'controls' | 'picturePrompts'>;

/** What of the form's layers a link can say: those that count, and whose model is chosen. */
function saidLayer(layer: StoredControl): ControlSettings | null {
  const { isOn, model, preprocessor, controlMode, scale, start, end, isGuess } = layer;
  return isOn && model !== null ? { model, preprocessor, controlMode, scale, start, end, isGuess } : null;
}

/** One without a picture waits for one. */
const countOf = ({ pictures }: StoredPicturePrompt) => Math.max(pictures.length, 1);

/** The same of its picture prompts. */
function saidPrompt(prompt: StoredPicturePrompt): PicturePromptSettings | null {
  const { isOn, adapter, scale, parts } = prompt;
  return isOn && adapter !== null ? { adapter, scale, parts, pictureCount: countOf(prompt) } : null;
}

/** What steers in the form, without its pictures. */
export const steeringOfForm = (
  layers: readonly StoredControl[],
  prompts: readonly StoredPicturePrompt[],
): LinkedSteering => ({
  controls: layers.flatMap((layer) => saidLayer(layer) ?? []),
  picturePrompts: prompts.flatMap((prompt) => saidPrompt(prompt) ?? []),
});
export const formSteering = ({ controls, picturePrompts }: Steering): LinkedSteering =>
  steeringOfForm(controls.getState().layers, picturePrompts.getState().prompts);

/** Whether layers and picture prompts that are offered are others than those that count in the form, but for their pictures. */
export function isOtherSteering(
  { controls, picturePrompts }: OfferedSteering,
  layers: readonly StoredControl[],
  prompts: readonly StoredPicturePrompt[],
): boolean {
  const isOn = (item: StoredControl | StoredPicturePrompt) => item.isOn;
  const own = prompts.filter(isOn).map((prompt) => ({ ...prompt, pictureCount: countOf(prompt) }));
  const isSame = (offered: readonly string[], now: readonly string[]) =>
    offered.length === 0 || offered.join('\n') === now.join('\n');
  return !(
    isSame(controls.map(controlText), layers.filter(isOn).map(controlText)) &&
    isSame(picturePrompts.map(promptText), own.map(promptText))
  );
}

/**
 * Puts a link's layers and picture prompts into the form, each in the place of those that are there. One that is there just so
 * stays, with its pictures: a reload follows the page's own link.
 * @param begins called when those that are stored are there, before any of them is replaced
 */
export async function applyLinkedSteering(
  { controls, picturePrompts }: Steering,
  linked: Partial<LinkedSteering>,
  begins: () => void,
): Promise<void> {
  await Promise.all([
    linked.controls && controls.getState().ready(),
    linked.picturePrompts && picturePrompts.getState().ready(),
  ]);
  begins();
  if (linked.controls) {
    const { layers, put } = controls.getState();
    const next = merged(layers, linked.controls, saidLayer, controlText, (layer) => ({
      ...NEW_CONTROL,
      ...layer,
    }));
    if (next) put(next);
  }
  if (linked.picturePrompts) {
    const { prompts, put } = picturePrompts.getState();
    const fresh = ({ pictureCount: _, ...prompt }: PicturePromptSettings) => ({
      ...NEW_PICTURE_PROMPT,
      ...prompt,
    });
    const next = merged(prompts, linked.picturePrompts, saidPrompt, promptText, fresh);
    if (next) put(next);
  }
}

/** The items that a link tells of: those that are there just so, and fresh ones; null where nothing would change. */
function merged<Item extends { readonly id: string }, Said>(
  items: readonly Item[],
  linked: readonly Said[],
  saidOf: (item: Item) => Said | null,
  textOf: (said: Said) => string,
  fresh: (said: Said) => Omit<Item, 'id'>,
): readonly Item[] | null {
  const there = [...items];
  const next = linked.map((said) => {
    const at = there.findIndex((item) => {
      const own = saidOf(item);
      return own !== null && textOf(own) === textOf(said);
    });
    const [same] = at < 0 ? [] : there.splice(at, 1);
    return same ?? ({ ...fresh(said), id: randomName() } as Item);
  });
  // Those that do not count are not in a link.
  const isSame = next.every((item) => items.includes(item)) && there.every((item) => saidOf(item) === null);
  return isSame ? null : next;
}
