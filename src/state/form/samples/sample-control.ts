import type { StoredControl } from '../../../storage/stored-control.ts';
import { NEW_CONTROL } from '../controls-store.ts';
import type { MapWorld } from '../map-recipe.ts';

export const MAP_WORLD: MapWorld = { width: 64, height: 96, model: null, device: 'wasm' };

/** A control layer whose picture is its map. */
export function sampleControl(change: Partial<StoredControl> = {}): StoredControl {
  const map = new Blob(['map'], { type: 'image/png' });
  return { ...NEW_CONTROL, id: 'layer', model: 'test/control', picture: map, map, ...change };
}
