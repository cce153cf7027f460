import * as v from 'valibot';
import type { GenerationRequest } from '../protocol/generation.ts';
import type { PictureSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { acceptSettings, shortName } from './accept-settings.ts';

/** The PNG keyword of our own settings. */
export const SAFELIGHT_KEYWORD = 'safelight';

/** Rises when a reader of the version before would misread what is written. */
const VERSION = 1;

/**
 * A request as JSON, all of it but its files, with the seed of this one of its pictures. Of an embedding the word stays, of
 * a picture to begin with how it was placed and painted over.
 */
export function settingsJson(request: GenerationRequest, seed: number): string {
  const withoutFiles = (_: string, value: unknown) => (value instanceof Blob ? undefined : value);
  return JSON.stringify({ version: VERSION, seed, request }, withoutFiles);
}

const MAX_LENGTH = 1_000_000;
const MAX_EMBEDDINGS = 100;

const Settings = v.object({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  seed: v.number(),
  request: v.record(v.string(), v.unknown()),
});
const Embeddings = v.array(v.object({ token: v.string() }));
const anything = v.optional(v.unknown());
const Image = v.object({
  fit: anything,
  offset: anything,
  border: anything,
  strength: anything,
  maskBlur: anything,
  maskedContent: anything,
  paddingMaskCrop: anything,
});

/** What `settingsJson` wrote, this version or a later one; null for anything else. */
export function readSettingsJson(text: string): PictureSettings | null {
  if (text.length > MAX_LENGTH) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = v.safeParse(Settings, json);
  if (!parsed.success) return null;
  const { version, seed, request } = parsed.output;
  const notes: SettingsNote[] = [];
  if (version > VERSION) notes.push({ kind: 'newer' });
  const image = v.safeParse(Image, request.image);
  if (image.success) notes.push({ kind: 'began-with-picture' });
  const embeddings = v.safeParse(Embeddings, request.embeddings);
  // A request brings every embedding at hand; one that its prompts do not call leaves no trace.
  const prompts = `${request.prompt}\n${request.negativePrompt}`.toLowerCase();
  if (embeddings.success)
    for (const { token } of embeddings.output.slice(0, MAX_EMBEDDINGS))
      if (prompts.includes(token.toLowerCase())) notes.push({ kind: 'embedding', name: shortName(token) });
  return acceptSettings('Safelight', { ...request, ...(image.success && image.output), seed }, notes);
}
