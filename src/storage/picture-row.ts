import * as v from 'valibot';
import { acceptSettings } from '../metadata/accept-settings.ts';
import type { PictureSettings } from '../protocol/picture-settings.ts';

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const size = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e6));
const count = v.pipe(v.number(), v.finite(), v.minValue(0));

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
  /** From the picture before, or from Generate, to this one; null where nobody was there to see. */
  seconds: v.nullable(count),
  /** Where it was painted. */
  device: v.nullable(v.picklist(['webgpu', 'wasm'])),
  /** The commit of the model's repository. */
  revision: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  /** The picture it began with, and what of that was painted anew: files by their sha256. */
  image: v.nullable(hash),
  mask: v.nullable(hash),
  settings: v.nullable(
    v.object({
      tool: v.picklist(['Safelight', 'A1111', 'ComfyUI', 'InvokeAI']),
      settings: v.record(v.string(), v.unknown()),
      notes: v.fallback(v.pipe(v.array(v.unknown()), v.maxLength(200)), []),
    }),
  ),
  /** When it was thrown away; until it is gone for good it can be had back. */
  deletedAt: v.nullable(count),
});

/** Of what was said beside the settings, what still matters when they are taken over. */
const Embedding = v.object({ kind: v.literal('embedding'), name: v.pipe(v.string(), v.maxLength(200)) });

/** A picture of the gallery without its pixels. */
export interface PictureRow extends Omit<v.InferOutput<typeof Row>, 'settings'> {
  /** What it was made with; null where it does not say. */
  readonly settings: PictureSettings | null;
}

/** The one gate for rows that come back from storage or out of a zip: null for what is none. */
export function parseRow(stored: unknown): PictureRow | null {
  const row = v.safeParse(Row, stored);
  if (!row.success) return null;
  const { settings } = row.output;
  if (!settings) return { ...row.output, settings };
  const notes = settings.notes.filter((note) => v.is(Embedding, note));
  return { ...row.output, settings: acceptSettings(settings.tool, settings.settings, notes) };
}

/** Newest first; of the same moment the later of a run first. */
export const byAge = (a: PictureRow, b: PictureRow) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

/** Whether a picture's prompts hold every one of these words. */
export function hasWords({ settings }: PictureRow, words: readonly string[]): boolean {
  const { prompt = '', negativePrompt = '' } = settings?.settings ?? {};
  const text = `${prompt}\n${negativePrompt}`.toLowerCase();
  return words.every((word) => text.includes(word));
}
