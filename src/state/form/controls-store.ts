import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import type { FormListStorage } from '../../storage/stored-files.ts';
import { createFormItems } from './form-items.ts';
import { isSameMap, type MapWorld } from './map-recipe.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';

/** The form's control layers, and what can be done with them. */
export interface Controls {
  readonly layers: readonly StoredControl[];
  /** The ids of those whose maps are being made. */
  readonly making: readonly string[];
  /** Why the last picture of a layer was refused, or its map could not be made, by the layer's id. */
  readonly errors: Readonly<Record<string, AppError>>;
  /** The layer that a run was refused for, until it has been shown. */
  readonly refused: string | null;
  /** Puts those that are stored before those that were added; leaves them where all were replaced. */
  load(): Promise<void>;
  add(layer: StoredControl): void;
  /** Gives a layer another picture, not painted on; if the file is no picture, its error says so and the old one stays. */
  take(id: string, picture: Blob): Promise<void>;
  /** Changes a layer, and makes its map again where it would be another one. */
  change(id: string, change: Partial<Omit<StoredControl, 'id' | 'picture' | 'map'>>): void;
  remove(id: string): void;
  /** Replaces all layers. Maps that are absent are made. */
  put(layers: readonly StoredControl[]): void;
  /** Makes the maps that are absent, where it was not tried in vain: what makes them may have come. */
  makeMissing(): void;
  /** Notes the layer that a run was refused for, and what is wrong with its map where that turned out then; null: it was shown. */
  refuse(id: string | null, error?: unknown): void;
  /** Resolves when those that are stored and all maps are there, or could not be made. */
  readonly ready: PendingFiles['ready'];
}

/** A layer before anything was chosen for it. */
export const NEW_CONTROL: Omit<StoredControl, 'id'> = {
  ...{ model: null, picture: null, map: null, preprocessor: 'none', controlMode: null },
  ...{ scale: 1, start: 0, end: 1, isGuess: false },
  // MAP_DEFAULTS, whose file the page loads with the first layer.
  ...{ low: 100, high: 200, sigma: 9 },
  ...{ strokes: [], isInverted: false, isOn: true },
};

/**
 * The store of the form's control layers.
 * @param world what maps are made for, and with
 */
export function createControlsStore(
  client: Caller,
  storage: FormListStorage<StoredControl>,
  world: () => MapWorld,
): StoreApi<Controls> {
  return createStore<Controls>()((set, get) => {
    let jobs: Promise<unknown> = Promise.resolve();
    const { find, save, change, remove, put, load } = createFormItems(
      () => get().layers,
      (layers) => set({ layers }),
      storage,
    );
    const say = (id: string, error: unknown) => {
      const { [id]: _, ...others } = get().errors;
      set({ errors: error ? { ...others, [id]: fromWire(toWire(error)) } : others });
    };
    const make = async (id: string) => {
      if (get().making.includes(id)) return;
      set({ making: [...get().making, id] });
      await import('./map-making.ts')
        .then(({ makeLayerMap }) => makeLayerMap(id, { find, change, say }, client, world))
        .catch((error: unknown) => say(id, error));
      set({ making: get().making.filter((one) => one !== id) });
    };
    const begin = (id: string) => {
      jobs = Promise.all([jobs, make(id)]);
    };
    const makeMissing = () => {
      const missing = get().layers.filter(({ id, picture, map }) => picture && !map && !get().errors[id]);
      for (const { id } of missing) begin(id);
    };
    const { during, ready } = pendingFiles(() => get().load());
    const take = async (id: string, picture: Blob) => {
      try {
        await client.call('inspectImage', { file: picture });
      } catch (error) {
        return say(id, error);
      }
      say(id, null);
      change(id, { picture, map: null, strokes: [], isInverted: false });
      begin(id);
    };
    return {
      ...{ layers: [], making: [], errors: {}, refused: null },
      load: () => during(load().then(makeMissing)),
      add(layer) {
        save([...get().layers, layer]);
        makeMissing();
      },
      take: (id, picture) => during(take(id, picture)),
      change(id, next) {
        const before = find(id);
        change(id, next);
        const after = find(id);
        if (before && after && !isSameMap(before, after)) begin(id);
      },
      remove,
      put(layers) {
        put(layers);
        makeMissing();
      },
      makeMissing,
      refuse(id, error) {
        set({ refused: id });
        if (id && error) say(id, error);
      },
      async ready() {
        await ready();
        await jobs;
      },
    };
  });
}
