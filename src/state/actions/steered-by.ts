import type { ControlLayer } from '../../protocol/control.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { controlFault, toControlLayer } from '../form/control-layers.ts';
import { isOneTooMany } from '../form/steering-world.ts';
import type { Stores } from '../stores.ts';

/**
 * The form's control layers as a request has them. Where one cannot be used, the Create screen shows which, and a notice says so.
 * @returns null there
 */
export async function steeredBy(stores: Stores): Promise<readonly ControlLayer[] | null> {
  const all = stores.controls.getState().layers;
  const layers = all.filter(({ isOn }) => isOn);
  const refuse = ({ id }: StoredControl, error: unknown = null) => {
    stores.controls.getState().refuse(id, error);
    stores.panel.getState().turn('control', true);
    stores.notice
      .getState()
      .say({ kind: 'control-refused', number: all.findIndex((one) => one.id === id) + 1 });
    return null;
  };
  const { fields } = stores.settings.getState();
  const { installed } = stores.models.getState();
  const ready: ControlLayer[] = [];
  for (const layer of layers) {
    const { map, model: control } = layer;
    const isRefused = isOneTooMany(layer, all) || controlFault(layer, false, { fields, installed });
    if (isRefused || !map || !control) return refuse(layer);
    try {
      ready.push(await toControlLayer({ ...layer, map, model: control }));
    } catch (error) {
      return refuse(layer, error);
    }
  }
  return ready;
}
