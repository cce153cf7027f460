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
): PictureSettings {
  const settings: Record<string, unknown> = {};
  const refused: SettingsNote[] = [];
  for (const [name, schema] of Object.entries(ENTRIES)) {
    const value = raw[name as keyof typeof ENTRIES];
    if (value === undefined) continue;
    const result = v.safeParse(schema as v.GenericSchema, value);
    if (result.success) settings[name] = result.output;
    else if (value !== null && typeof value === 'object' && !Array.isArray(value))
      refused.push(innerNote(name, result.issues[0]));
    else refused.push({ kind: 'refused', name, value: shortName(value) });
  }
  return { tool, settings: settings as RequestSettings, notes: [...notes, ...refused] };
}

/** What schemas find wrong inside a setting has a name of its own: the scale of `hires` is `hiresScale`. */
function innerNote(name: string, issue: v.BaseIssue<unknown>): SettingsNote {
  const inner = String(issue.path?.[0]?.key ?? '');
  const whole = inner && `${name}${inner.charAt(0).toUpperCase()}${inner.slice(1)}`;
  if (!isSetting(whole)) return { kind: 'refused', name, value: shortName(issue.input) };
  return issue.input === undefined
    ? { kind: 'unread', name: whole }
    : { kind: 'refused', name: whole, value: shortName(issue.input) };
}

const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);
