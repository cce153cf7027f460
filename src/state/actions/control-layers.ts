import type { ModelId } from '../../catalog/models.ts';
import { needsDepth } from '../../protocol/map-request.ts';
import { type ControlKind, controlKinds, withModel } from '../form/control-kinds.ts';
import { fittingControls } from '../form/control-layers.ts';
import { NEW_CONTROL } from '../form/controls-store.ts';
import { randomName } from '../random-name.ts';
import type { Stores } from '../stores.ts';
import { takeOver } from './take-over.ts';

/**
 * Adds a layer with a control model that fits the form's model, as far as there is one: one that no other layer has, and whose map can be
 * made here, before others.
 */
export function addControl(stores: Stores): void {
  const { controls, models } = stores;
  const layer = { ...NEW_CONTROL, id: randomName() };
  controls.getState().add({ ...layer, ...firstModel(stores) });
  if (models.getState().installed) return;
  const end = models.subscribe(({ installed }) => {
    if (!installed) return;
    end();
    const added = controls.getState().layers.find(({ id }) => id === layer.id);
    if (added?.model === null) controls.getState().change(layer.id, firstModel(stores));
  });
}

/** What a new layer has of the control model that is chosen for it; nothing where there is none, or the models are not known yet. */
function firstModel({ controls, settings, models }: Stores): Partial<ReturnType<typeof withModel>> {
  const { installed } = models.getState();
  const fitting = fittingControls({ fields: settings.getState().fields, installed });
  const hasDepth = installed?.some(({ type, complete }) => type === 'depth' && complete) ?? false;
  const isMade = ({ preprocessor }: ControlKind) =>
    preprocessor !== 'none' && (hasDepth || !needsDepth(preprocessor));
  const used = controls.getState().layers.map(({ model }) => model);
  const unused = fitting.filter(({ id }) => !used.includes(id));
  const chosen = unused.find(({ control }) => controlKinds(control).some(isMade)) ?? unused[0] ?? fitting[0];
  return chosen ? withModel(NEW_CONTROL, chosen.id, chosen.control) : {};
}

/** Gives a layer another control model, and the kind of map that this one reads. */
export function chooseControl({ controls, models }: Stores, id: string, model: ModelId): void {
  const layer = controls.getState().layers.find((one) => one.id === id);
  const factsOf = (id: ModelId | null | undefined) =>
    models.getState().installed?.find((one) => one.id === id)?.control;
  if (layer) controls.getState().change(id, withModel(layer, model, factsOf(model), factsOf(layer.model)));
}

/** Switches between the picture as it is and the map that the layer's model reads. */
export function setReady({ controls, models }: Stores, id: string, isReady: boolean): void {
  const layer = controls.getState().layers.find((one) => one.id === id);
  const facts = models.getState().installed?.find((one) => one.id === layer?.model)?.control;
  const kinds = controlKinds(facts).filter(({ controlMode }) => controlMode === layer?.controlMode);
  const [made] = kinds;
  controls.getState().change(id, { preprocessor: isReady ? 'none' : (made?.preprocessor ?? 'none') });
}

/** Removes a layer, with what is painted on its map; it can be undone. */
export const removeControl = (stores: Stores, id: string): Promise<void> =>
  takeOver(
    stores,
    () => stores.controls.getState().remove(id),
    () => ({ kind: 'control-removed' }),
  );
