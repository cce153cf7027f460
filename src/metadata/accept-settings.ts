import * as v from 'valibot';
import type { PictureSettings, RequestSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { InitImageSchema, RequestSchema } from '../protocol/request.ts';

const { embeddings: _, image: __, memoryBytes: ___, ...ofRequest } = RequestSchema.entries;
const { file: ____, mask: _____, ...ofImage } = InitImageSchema.entries;
const ENTRIES = { ...ofRequest, ...ofImage };

const MAX_NAME_LENGTH = 200;

/** A name out of a file, cut to a line or two: anybody may have written it. */
export const shortName = (value: unknown): string => String(value).slice(0, MAX_NAME_LENGTH);

/**
 * The one check of settings that come from a file. A value that a request may not hold becomes a note; undefined means that
 * the file does not say.
 */
export function acceptSettings(
  tool: PictureSettings['tool'],
  raw: { readonly [K in keyof typeof ENTRIES]?: unknown },
  notes: readonly SettingsNote[],
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
  return { tool, settings: settings as RequestSettings, notes: [...notes, ...refused] };
}

/** The number that a text is, or else the text, which `acceptSettings` will then refuse. */
export function numberOrText(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}
