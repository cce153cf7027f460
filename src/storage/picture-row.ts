import * as v from 'valibot';
import { acceptSettings } from '../metadata/settings/accept-settings.ts';
import { type PictureSettings, TOOLS } from '../protocol/picture-settings.ts';
import { MOST_PICTURES, MOST_STEERING } from '../protocol/request.ts';
import { acceptTags } from './tags.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e6));
const count = v.pipe(v.number(), v.finite(), v.minValue(0));

const MOST_FILES = MOST_STEERING * (1 + MOST_PICTURES);

const Row = v.object({
  id,
  /** Milliseconds since 1970. */
  createdAt: count,
  /** sha256 of the file. */
  hash,
  bytes: count,
  width: size,
  height: size,
  isFavourite: v.boolean(),
  /** Seconds from the picture before, or from the start of the run; null where unknown. */
  seconds: v.nullable(count),
  /** The execution provider that made it. */
  device: v.nullable(v.picklist(['webgpu', 'wasm'])),
  /** The commit of the model's repository. */
  revision: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  /** Its initial image and the mask of that, by their sha256. */
  image: v.nullable(hash),
  mask: v.nullable(hash),
  /** The maps of its control layers, then the pictures of its picture prompts; older rows have none. */
  steering: v.fallback(v.pipe(v.array(hash), v.maxLength(MOST_FILES)), []),
  settings: v.nullable(
    v.object({
      tool: v.picklist(TOOLS),
      settings: v.record(v.string(), v.unknown()),
      notes: v.fallback(v.pipe(v.array(v.unknown()), v.maxLength(200)), []),
    }),
  ),
  /** What a person calls it; rows of 0.2 have none. */
  tags: v.pipe(v.optional(v.unknown(), []), v.transform(acceptTags)),
  /** The id of the experiment that it is a cell of; null for none, and in rows of 0.2. */
  experiment: v.fallback(v.nullable(id), null),
  /** When it was deleted; until it is purged it can be restored. */
  deletedAt: v.nullable(count),
});

/** The kinds of note that still matter when the settings are used again: what it called, and how far it was. */
const Note = v.variant('kind', [
  v.object({ kind: v.literal('embedding'), name: v.pipe(v.string(), v.maxLength(200)) }),
  v.object({ kind: v.literal('stopped'), pass: v.picklist([1, 2]), step: count, steps: count }),
]);

/** A picture of the gallery without its pixels. */
export interface PictureRow extends Omit<v.InferOutput<typeof Row>, 'settings'> {
  /** The settings that it was made with; null where they are unknown. */
  readonly settings: PictureSettings | null;
}

/** Checks a row from storage or from a zip; null where it is not one. */
export function parseRow(stored: unknown): PictureRow | null {
  const row = v.safeParse(Row, stored);
  if (!row.success) return null;
  const { settings } = row.output;
  if (!settings) return { ...row.output, settings };
  const notes = settings.notes.filter((note) => v.is(Note, note));
  return { ...row.output, settings: acceptSettings(settings.tool, settings.settings, notes) };
}

/** The hashes of all that a picture was made from. */
export const inputsOf = ({
  image,
  mask,
  steering,
}: Pick<PictureRow, 'image' | 'mask' | 'steering'>): string[] =>
  [image, mask, ...steering].filter((one) => one !== null);

/** Sorts the newest first; of the same moment, the later picture of a run first. */
export const byAge = (a: PictureRow, b: PictureRow) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

/** Whether each of these words is in the prompt, in the negative prompt or in a tag. */
export function hasWords({ settings, tags }: PictureRow, words: readonly string[]): boolean {
  const { prompt = '', negativePrompt = '' } = settings?.settings ?? {};
  const text = [prompt, negativePrompt, ...tags].join('\n').toLowerCase();
  return words.every((word) => text.includes(word));
}
