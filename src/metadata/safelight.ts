import * as v from 'valibot';
import { steeringSettings } from '../protocol/control.ts';
import { type GenerationRequest, REQUEST_DEFAULTS, type StoppedAt } from '../protocol/generation.ts';
import type { PictureSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { parsePythonJson } from '../protocol/python-json.ts';
import { acceptSettings, shortName } from './settings/accept-settings.ts';
import { steeringNotes } from './settings/steering-notes.ts';

/** The PNG keyword of Safelight's own settings. */
export const SAFELIGHT_KEYWORD = 'safelight';

/** Raised when a reader of the previous version would misread what is written. */
const VERSION = 1;

/**
 * A whole request as JSON, without its files, and with the seed of this picture. Of an embedding, its word is left; of the
 * picture to start from, of a layer and of a picture prompt, their settings. `stopped` says of a picture how far it was.
 */
export function settingsJson(
  request: GenerationRequest,
  seed: number,
  stopped: StoppedAt | null = null,
): string {
  const withoutFiles = (_: string, value: unknown) => (value instanceof Blob ? undefined : value);
  // What was chosen from them is in the texts.
  const { wildcards: _, ...kept } = request;
  const said = { ...kept, ...steeringSettings(request) };
  return JSON.stringify({ version: VERSION, seed, request: said, ...(stopped && { stopped }) }, withoutFiles);
}

/** What the pictures of earlier versions do not say, because there was no choice. */
const EARLIER = { emphasis: REQUEST_DEFAULTS.emphasis, schedule: REQUEST_DEFAULTS.schedule };

const MAX_LENGTH = 1_000_000;
const MAX_EMBEDDINGS = 100;

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(10_000));
const Stopped = v.object({ pass: v.picklist([1, 2]), step: count, steps: count });
const Settings = v.object({
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  seed: v.number(),
  request: v.record(v.string(), v.unknown()),
  stopped: v.fallback(v.optional(Stopped), undefined),
});
const Embeddings = v.array(v.object({ token: v.string() }));
const Image = v.record(v.string(), v.unknown());

/** What this version or a later one wrote with `settingsJson`; null for anything else. */
export function readSettingsJson(text: string): PictureSettings | null {
  if (text.length > MAX_LENGTH) return null;
  const parsed = v.safeParse(Settings, parsePythonJson(text));
  if (!parsed.success) return null;
  const { version, seed, request, stopped } = parsed.output;
  const notes: SettingsNote[] = [];
  if (version > VERSION) notes.push({ kind: 'newer' });
  if (stopped) notes.push({ kind: 'stopped', ...stopped });
  const image = v.safeParse(Image, request.image);
  if (image.success) notes.push({ kind: 'began-with-picture' });
  const embeddings = v.safeParse(Embeddings, request.embeddings);
  // A request brings every embedding there is; one that its prompts do not call changes nothing.
  const prompts = `${request.prompt}\n${request.negativePrompt}`.toLowerCase();
  if (embeddings.success)
    for (const { token } of embeddings.output.slice(0, MAX_EMBEDDINGS))
      if (prompts.includes(token.toLowerCase())) notes.push({ kind: 'embedding', name: shortName(token) });
  const settings = {
    ...(version <= VERSION && EARLIER),
    ...(image.success && image.output),
    ...request,
    seed,
  };
  return acceptSettings('Safelight', settings, [...notes, ...steeringNotes(request)]);
}
