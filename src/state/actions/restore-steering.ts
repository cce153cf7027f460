import type { GenerationRequest } from '../../protocol/generation.ts';
import type { RequestSettings } from '../../protocol/picture-settings.ts';
import { NEW_CONTROL } from '../form/controls-store.ts';
import type { OfferedSteering } from '../form/offered-steering.ts';
import { NEW_PICTURE_PROMPT } from '../form/picture-prompts-store.ts';
import { randomName } from '../random-name.ts';
import type { Stores } from '../stores.ts';

type Said = Pick<RequestSettings, 'controls' | 'picturePrompts'>;

/** How many layers there are, and how many pictures each picture prompt has. */
interface Counted {
  readonly controls?: readonly unknown[];
  readonly picturePrompts?: readonly { readonly pictureCount: number }[];
}

/** The files of a picture as its layers and picture prompts have them; null where they are not all there. */
function filesOfSteering({ controls = [], picturePrompts = [] }: Counted, files: readonly (Blob | null)[]) {
  const known = files.filter((file) => file !== null);
  const counts = picturePrompts.map(({ pictureCount }) => pictureCount);
  const count = counts.reduce((sum, one) => sum + one, controls.length);
  if (known.length !== count || known.length !== files.length) return null;
  const others = known.slice(controls.length);
  const pictures = counts.map((many) => others.splice(0, many));
  return { maps: known.slice(0, controls.length), pictures };
}

/** Layers and picture prompts as a request has them; none where a picture of theirs is not known. */
export function steeringWith(
  said: Said,
  files: readonly (Blob | null)[],
): Pick<GenerationRequest, 'controls' | 'picturePrompts'> {
  const known = filesOfSteering(said, files);
  if (!known) return { controls: [], picturePrompts: [] };
  return {
    controls: (said.controls ?? []).map((layer, i) => ({ ...layer, map: known.maps[i] as Blob })),
    picturePrompts: (said.picturePrompts ?? []).map(({ pictureCount: _, ...prompt }, i) => ({
      ...prompt,
      pictures: known.pictures[i] as readonly Blob[],
    })),
  };
}

/**
 * Puts layers and picture prompts into the form, in the place of those that are there: with their pictures where these are
 * known, else each waits for its own to be chosen.
 */
export function restoreSteering(
  { controls, picturePrompts }: Stores,
  offer: OfferedSteering,
  files: readonly (Blob | null)[],
): void {
  const known = filesOfSteering(offer, files);
  const layers = offer.controls.map((layer, i) => ({
    ...NEW_CONTROL,
    ...layer,
    id: randomName(),
    map: known?.maps[i] ?? null,
  }));
  const prompts = offer.picturePrompts.map(({ pictureCount: _, ...prompt }, i) => ({
    ...NEW_PICTURE_PROMPT,
    ...prompt,
    id: randomName(),
    pictures: known?.pictures[i] ?? [],
  }));
  controls.getState().put(layers);
  picturePrompts.getState().put(prompts);
}
