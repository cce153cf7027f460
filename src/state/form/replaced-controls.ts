import type { StoredControl } from '../../storage/stored-control.ts';

type Layers = readonly StoredControl[];

/** Control layers that a takeover has removed, with their places, and those that it has added. What it has left alone stays as it is. */
export interface ReplacedControls {
  readonly gone: readonly { readonly at: number; readonly layer: StoredControl }[];
  readonly came: readonly string[];
}

/** What of the layers was replaced; null where nothing was. */
export function replacedControls(before: Layers, after: Layers): ReplacedControls | null {
  const had = (layers: Layers, { id }: StoredControl) => layers.some((layer) => layer.id === id);
  const gone = before.flatMap((layer, at) => (had(after, layer) ? [] : { at, layer }));
  const came = after.filter((layer) => !had(before, layer)).map(({ id }) => id);
  return gone.length + came.length > 0 ? { gone, came } : null;
}

/** The layers as they are with a replacement taken back. */
export function withControls(layers: Layers, { gone, came }: ReplacedControls): Layers {
  const put = layers.filter(({ id }) => !came.includes(id));
  for (const { at, layer } of gone) put.splice(at, 0, layer);
  return put;
}
