import * as v from 'valibot';
import type { PictureSettings, RequestSettings, SettingsNote } from '../protocol/picture-settings.ts';
import { Request } from '../protocol/request.ts';

const { embeddings: _, image, memoryBytes: __, ...plain } = Request.entries;
const { strength, fit, offset, border, maskBlur, maskedContent, paddingMaskCrop } = image.wrapped.entries;
const ENTRIES = { ...plain, strength, fit, offset, border, maskBlur, maskedContent, paddingMaskCrop };

const MAX_NAME_LENGTH = 200;

/** A stranger's word for a note, not longer than a line or two. */
export const shortName = (value: unknown): string => String(value).slice(0, MAX_NAME_LENGTH);

/**
 * Values from a file, each as far as a request may hold it: the one gate by which they come in. Undefined is nothing said;
 * what is refused becomes a note.
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

/** A number where the text is one; else the text, for the gate to refuse by name. */
export function numberOrText(text: string | undefined): number | string | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}
