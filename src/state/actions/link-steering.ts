import type { ControlSettings } from '../../protocol/control.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { NEW_CONTROL } from '../form/controls-store.ts';
import { controlText, type LinkedSteering } from '../form/steering-link.ts';
import type { Stores } from '../stores.ts';

/** What of the form's layers a link can say: those that count, and whose model is chosen. */
const said = ({ isOn, model, preprocessor, controlMode, scale, start, end, isGuess }: StoredControl) =>
  isOn && model !== null ? { model, preprocessor, controlMode, scale, start, end, isGuess } : null;
const saidText = (layer: StoredControl) => {
  const control = said(layer);
  return control && controlText(control);
};

/** What steers, as a link to the form has it. */
export const formSteering = ({ controls }: Pick<Stores, 'controls'>): Partial<LinkedSteering> => ({
  controls: controls.getState().layers.flatMap((layer): readonly ControlSettings[] => said(layer) ?? []),
});

/**
 * Puts a link's layers into the form, in the place of those that are there. One that is there just so stays, with its
 * pictures: a reload follows the page's own link.
 */
export async function applyLinkedSteering(
  { controls }: Pick<Stores, 'controls'>,
  { controls: linked }: Partial<LinkedSteering>,
): Promise<void> {
  if (!linked) return;
  await controls.getState().ready();
  const { layers, put } = controls.getState();
  const there = [...layers];
  const next = linked.map((layer): StoredControl => {
    const at = there.findIndex((one) => saidText(one) === controlText(layer));
    const [same] = at < 0 ? [] : there.splice(at, 1);
    return same ?? { ...NEW_CONTROL, ...layer, id: crypto.randomUUID() };
  });
  // Those that do not count are not in a link.
  if (next.every((layer) => layers.includes(layer)) && there.every((layer) => said(layer) === null)) return;
  put(next);
}
