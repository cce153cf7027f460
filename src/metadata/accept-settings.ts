import * as v from 'valibot';
import type { PictureSettings, RequestSettings, SettingsNote, Tool } from '../protocol/picture-settings.ts';
import { InitImageSchema, RequestSchema } from '../protocol/request.ts';
import { SETTINGS, type SettingName } from '../protocol/settings.ts';

const { embeddings: _, image: __, memoryBytes: ___, ...ofRequest } = RequestSchema.entries;
const { file: ____, mask: _____, ...ofImage } = InitImageSchema.entries;
const ENTRIES = { ...ofRequest, ...ofImage };

const MAX_NAME_LENGTH = 200;

/** A name out of a file, cut to a line or two: anybody may have written it. */
export const shortName = (value: unknown): string =>
  (typeof value === 'object' ? JSON.stringify(value) : String(value)).slice(0, MAX_NAME_LENGTH);

/**
 * The one check of settings that come from a file. A value that a request may not hold becomes a note; undefined means that
 * the file does not say.
 */
export function acceptSettings(
  tool: Tool,
  raw: { readonly [K in keyof typeof ENTRIES]?: unknown },
  notes: readonly SettingsNote[],
  textLayer?: number,
): PictureSettings {
  const settings: Record<string, unknown> = {};
  const refused: SettingsNote[] = [];
  for (const [name, schema] of Object.entries(ENTRIES)) {
    const value = raw[name as keyof typeof ENTRIES];
    if (value === undefined) continue;
    const result = v.safeParse(schema as v.GenericSchema, value);
    if (result.success) settings[name] = result.output;
    else refused.push({ kind: 'refused', name, value: shortName(value) });
  }
  return {
    tool,
    settings: settings as RequestSettings,
    ...(textLayer !== undefined && { textLayer }),
    notes: [...notes, ...refused],
  };
}

/** What a picture was made with if its tool has such a setting and says nothing of it. */
export const UNSAID = {
  hires: null,
  clipSkip: SETTINGS.clipSkip.default,
  eta: SETTINGS.eta.default,
  guidanceRescale: SETTINGS.guidanceRescale.default,
  guidanceStart: SETTINGS.guidanceStart.default,
  guidanceEnd: SETTINGS.guidanceEnd.default,
} as const;

/** Notes the settings that every picture was made with and that were not found. An unknown sampler has its note. */
export function unreadNotes(
  raw: { readonly [K in SettingName]?: unknown },
  names: readonly SettingName[],
  notes: readonly SettingsNote[],
): readonly SettingsNote[] {
  const isSamplerNoted = notes.some(({ kind }) => kind === 'unknown-sampler');
  return names.flatMap((name) =>
    raw[name] === undefined && !(name === 'scheduler' && isSamplerNoted) ? { kind: 'unread', name } : [],
  );
}

/**
 * Notes the entries that no reader knows, with their values where they are short: they may have shaped the picture. Those
 * that are off or empty did not.
 */
export function unknownNotes(
  entries: Iterable<readonly [string, unknown]>,
  known: ReadonlySet<string>,
): readonly SettingsNote[] {
  const unknown = [...entries].filter(([name, value]) => !known.has(name) && !isOff(value));
  return unknown.slice(0, MAX_UNKNOWN).map(([name, value]) => {
    const text = typeof value === 'object' || value === true ? '' : String(value).replaceAll('\n', ' ');
    const isLong = text === '' || text === name || text.length > MAX_VALUE_LENGTH;
    return { kind: 'no-counterpart', name: shortName(isLong ? name : `${name}: ${text}`) };
  });
}

const MAX_UNKNOWN = 30;
const MAX_VALUE_LENGTH = 60;
const isOff = (value: unknown) =>
  value === null ||
  value === false ||
  value === 0 ||
  (typeof value === 'string' && /^(none|false)?$/i.test(value.trim())) ||
  (Array.isArray(value) && value.length === 0);

/** The number that a text is, or else the text, which `acceptSettings` will then refuse. */
export function numberOrText(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

/** A value of somebody's JSON as a number, where it is one or is the text of one. */
export const numberOf = (value: unknown): unknown =>
  typeof value === 'string' ? numberOrText(value) : (value ?? undefined);

/** The weight of a LoRA in somebody's JSON: 1 if none is given, NaN for anything but a number. */
export function weightOf(value: unknown): number {
  if (value === undefined || value === null) return 1;
  return typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
}

/** torch's generator on a CPU uses the lower 32 bits of a seed. */
export function torchSeed(seed: unknown): unknown {
  if (typeof seed !== 'number' && typeof seed !== 'string') return seed ?? undefined;
  const text = String(seed);
  return /^\d{1,20}$/.test(text) ? Number(BigInt(text) & 0xffff_ffffn) : seed;
}
