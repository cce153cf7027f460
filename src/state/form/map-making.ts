import type { Caller } from '../../client/caller.ts';
import { needsDepth } from '../../protocol/map-request.ts';
import type { StoredControl } from '../../storage/stored-control.ts';
import { isSameMap, type MapWorld } from './map-recipe.ts';

/** The layers whose maps are made. */
interface Layers {
  find(id: string): StoredControl | undefined;
  change(id: string, change: Pick<StoredControl, 'map'>): void;
  /** Why a map could not be made; null where it was. */
  say(id: string, error: unknown): void;
}

/** Makes the map of a layer. Where the layer changes meanwhile, it is made again as the layer is then. */
export async function makeLayerMap(id: string, layers: Layers, client: Caller, world: () => MapWorld) {
  for (let layer = layers.find(id); layer?.picture; layer = layers.find(id)) {
    const made = layer;
    const [map, error] = await mapOf(made, client, world()).then(
      (map) => [map, null] as const,
      (error: unknown) => [null, error] as const,
    );
    const now = layers.find(id);
    if (!now || !isSameMap(now, made)) continue;
    layers.say(id, error);
    layers.change(id, { map });
    return;
  }
}

/** The map of a layer as it is now; null where there is nothing to make it from or with. */
async function mapOf(
  { picture, preprocessor, low, high, sigma }: StoredControl,
  client: Caller,
  { model, ...world }: MapWorld,
): Promise<Blob | null> {
  if (!picture || preprocessor === 'none') return picture;
  if (needsDepth(preprocessor) && model === null) return null;
  const made = { picture, preprocessor, low, high, sigma, ...world };
  const used = needsDepth(preprocessor) ? model : null;
  return (await client.call('makeMap', { ...made, model: used })).map;
}
