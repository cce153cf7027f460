import type { StoredControl } from '../../storage/stored-control.ts';

/** What a map depends on. */
const RECIPE = ['picture', 'preprocessor', 'low', 'high', 'sigma'] as const;
export const isSameMap = (one: StoredControl, other: StoredControl): boolean =>
  RECIPE.every((name) => one[name] === other[name]);

/** The layers whose maps are made. */
interface Layers {
  find(id: string): StoredControl | undefined;
  change(id: string, change: Pick<StoredControl, 'map'>): void;
  /** Why a map could not be made; null where it was. */
  say(id: string, error: unknown): void;
  /** Those whose maps are being made. */
  making(ids: readonly string[]): void;
}

/** The map of a layer as it is now; null where there is nothing to make it from or with. */
async function mapOf({ picture, preprocessor }: StoredControl): Promise<Blob | null> {
  return preprocessor === 'none' ? picture : null;
}

/** Makes the maps of layers, one at a time for each: of the changes since it was begun, only the last one's is made. */
export function mapMaking({ find, change, say, making }: Layers) {
  const busy = new Set<string>();
  let all: Promise<unknown> = Promise.resolve();
  const make = async (id: string) => {
    busy.add(id);
    making([...busy]);
    for (let layer = find(id); layer?.picture; layer = find(id)) {
      const made = layer;
      const [map, error] = await mapOf(made).then(
        (map) => [map, null] as const,
        (error: unknown) => [null, error] as const,
      );
      const now = find(id);
      if (!now || !isSameMap(now, made)) continue;
      say(id, error);
      change(id, { map });
      break;
    }
    busy.delete(id);
    making([...busy]);
  };
  return {
    begin(id: string) {
      if (!busy.has(id)) all = Promise.all([all, make(id)]);
    },
    /** Resolves when all of them are made, or could not be. */
    done: async () => void (await all),
  };
}
