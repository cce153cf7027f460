import type { Preprocessor } from '../../protocol/control.ts';
import { CONTROL_PURPOSES, controlPurpose } from '../../protocol/control-facts.ts';
import type { SettingsNote } from '../../protocol/picture-settings.ts';
import { shortName } from './accept-settings.ts';
import { noCounterpart } from './settings-notes.ts';
import { steeringNotes } from './steering-notes.ts';

/** What steered a picture, as a reader has found it: `acceptSettings` checks it. */
export interface FoundSteering {
  readonly controls: readonly object[];
  readonly picturePrompts: readonly object[];
  readonly notes: readonly SettingsNote[];
}

/** One layer or picture prompt as a reader has found it, or only notes of what it was. */
export interface FoundPart {
  readonly control?: object;
  readonly prompt?: object;
  readonly notes: readonly SettingsNote[];
}

/** Of a part of the run, from here to here: 0 … 1 each. */
export interface PartOfRun {
  readonly scale: unknown;
  readonly start: unknown;
  readonly end: unknown;
}

/** IP-Adapters that need a model of faces, which is not here. */
const NEEDS_FACES = /face_?id|instant_?id|pulid/i;

/** An IP-Adapter with its picture. It counts in the whole run here. */
export function foundPrompt(
  adapter: string,
  { scale, start, end }: PartOfRun,
  parts: unknown = 'all',
): FoundPart {
  if (NEEDS_FACES.test(adapter)) return { notes: [noCounterpart(adapter)] };
  const isWhole = Number(start) === 0 && Number(end) === 1;
  const notes = isWhole ? [] : [noCounterpart(`${adapter} (${start} – ${end})`)];
  return { prompt: { adapter, scale, parts, pictureCount: 1 }, notes };
}

/** A layer whose tool does not say how its map was made: as the form has it for a model of this name. */
export function foundLayer(
  model: string,
  partOfRun: PartOfRun,
  others: { readonly isGuess?: boolean; readonly controlMode?: unknown } = {},
): FoundPart {
  const purpose = controlPurpose(model);
  const preprocessor: Preprocessor = purpose === null ? 'none' : CONTROL_PURPOSES[purpose];
  return {
    control: { model, preprocessor, controlMode: null, isGuess: false, ...partOfRun, ...others },
    notes: [],
  };
}

/** All that was found, with a note that its pictures are missing. */
export function steeringOf(parts: readonly FoundPart[]): FoundSteering {
  const controls = parts.flatMap(({ control }) => control ?? []);
  const picturePrompts = parts.flatMap(({ prompt }) => prompt ?? []);
  const notes = parts.flatMap((part) => part.notes);
  return { controls, picturePrompts, notes: [...steeringNotes({ controls, picturePrompts }), ...notes] };
}

/** What tools call the ways to make a map, by what is here; of each, the first is the one that is the same. */
const PREPROCESSORS: readonly (readonly [RegExp, Preprocessor, same: RegExp])[] = [
  [/^$|^none$/, 'none', /./],
  [/canny/, 'canny', /^canny(_?edge)?(preprocessor|_image_processor)?$/],
  [/scribble/, 'scribble', /^scribble_xdog$/],
  [/line_?art/, 'lineart', /^lineart_standard\b/],
  [/depth|midas|zoe|leres/, 'depth', /^depth_?anything_?v2/],
  [/normal|bae|dsine/, 'normal', /^normal_map$/],
  // Tile models read pictures as they are; the resampling only makes them smaller.
  [/tile_?resample|tile$|tile_(?!gaussian|color)/, 'none', /./],
  [/blur|gaussian/, 'blur', /^blur_gaussian$/],
];

/** Our preprocessor for another tool's name of one, with a note about what differs. An unknown one's map has to be brought. */
export function findPreprocessor(name: string): {
  readonly preprocessor: Preprocessor;
  readonly notes: readonly SettingsNote[];
} {
  const words = name.trim().toLowerCase();
  // A normal map by MiDaS is no depth.
  const order = words.includes('normal') ? [...PREPROCESSORS].reverse() : PREPROCESSORS;
  const [, preprocessor = 'none', same] = order.find(([is]) => is.test(words)) ?? [];
  if (same?.test(words) || words === '') return { preprocessor, notes: [] };
  return { preprocessor, notes: [{ kind: 'other-preprocessor', name: shortName(name), preprocessor }] };
}
