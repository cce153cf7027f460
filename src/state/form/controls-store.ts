import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Caller } from '../../client/caller.ts';
import { type AppError, fromWire, toWire } from '../../protocol/errors.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import type { FormListStorage } from '../../storage/stored-files.ts';
import { isSameMap, mapMaking } from './map-making.ts';
import { type PendingFiles, pendingFiles } from './pending-files.ts';

/** The form's control layers, and what can be done with them. */
export interface Controls {
  readonly layers: readonly StoredControl[];
  /** The ids of those whose maps are being made. */
  readonly making: readonly string[];
  /** Why the last picture of a layer was refused, or its map could not be made, by the layer's id. */
  readonly errors: Readonly<Record<string, AppError>>;
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
  /** Resolves when those that are stored and all maps are there, or could not be made. */
  readonly ready: PendingFiles['ready'];
}

/** A layer before anything was chosen for it. */
export const NEW_CONTROL: Omit<StoredControl, 'id'> = {
  ...{ model: null, picture: null, map: null, preprocessor: 'none', controlMode: null },
  ...{ scale: 1, start: 0, end: 1, isGuess: false },
  // As OpenCV's and diffusers' examples for canny have them, and AUTOMATIC1111's `blur_gaussian`.
  ...{ low: 100, high: 200, sigma: 9 },
  ...{ strokes: [], isInverted: false, isOn: true },
};

/** The store of the form's control layers. */
export function createControlsStore(
  client: Caller,
  storage: FormListStorage<StoredControl>,
): StoreApi<Controls> {
  return createStore<Controls>()((set, get) => {
    const find = (id: string) => get().layers.find((layer) => layer.id === id);
    let isLoaded = false;
    let isReplaced = false;
    const save = (layers: readonly StoredControl[]) => {
      set({ layers });
      // What is stored and not read yet must not be written over.
      if (!isLoaded) return;
      // If they cannot be stored, they live as long as the page, and it is for the storage to say so.
      storage.save(layers).catch(() => {});
    };
    const change = (id: string, next: Partial<StoredControl>) =>
      save(get().layers.map((layer) => (layer.id === id ? { ...layer, ...next } : layer)));
    const say = (id: string, error: unknown) => {
      const { [id]: _, ...others } = get().errors;
      set({ errors: error ? { ...others, [id]: fromWire(toWire(error)) } : others });
    };
    const maps = mapMaking({ find, change, say, making: (making) => set({ making }) });
    const { during, ready } = pendingFiles(() => get().load());
    const load = async () => {
      const stored = await storage.load().catch(() => []);
      const before = isReplaced || isLoaded ? [] : stored.filter(({ id }) => !find(id));
      const hasOthers = isReplaced || get().layers.length > 0;
      isLoaded = true;
      set({ layers: [...before, ...get().layers] });
      if (hasOthers) save(get().layers);
      get().makeMissing();
    };
    const take = async (id: string, picture: Blob) => {
      try {
        await client.call('inspectImage', { file: picture });
      } catch (error) {
        return say(id, error);
      }
      say(id, null);
      change(id, { picture, map: null, strokes: [], isInverted: false });
      maps.begin(id);
    };
    return {
      layers: [],
      making: [],
      errors: {},
      load: () => during(load()),
      add(layer) {
        save([...get().layers, layer]);
        get().makeMissing();
      },
      take: (id, picture) => during(take(id, picture)),
      change(id, next) {
        const before = find(id);
        change(id, next);
        const after = find(id);
        if (before && after && !isSameMap(before, after)) maps.begin(id);
      },
      remove: (id) => save(get().layers.filter((layer) => layer.id !== id)),
      put(layers) {
        isReplaced = true;
        save(layers);
        get().makeMissing();
      },
      makeMissing() {
        for (const { id, map } of get().layers) if (!map && !get().errors[id]) maps.begin(id);
      },
      async ready() {
        await ready();
        await maps.done();
      },
    };
  });
}
