import type { SettingsNote } from '../../protocol/picture-settings.ts';
import type { SettingName } from '../../protocol/settings.ts';
import { shortName } from './accept-settings.ts';

/** A note that something which shaped a picture is not here. */
export const noCounterpart = (name: string): SettingsNote => ({
  kind: 'no-counterpart',
  name: shortName(name),
});

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
 * that are off or empty did not. Of a great many, the last ones are named together.
 */
export function unknownNotes(
  entries: Iterable<readonly [string, unknown]>,
  known: ReadonlySet<string>,
): readonly SettingsNote[] {
  const unknown = [...entries].filter(([name, value]) => !known.has(name) && !isOff(value));
  const notes = unknown.slice(0, MAX_UNKNOWN).map(([name, value]): SettingsNote => {
    const text = typeof value === 'object' || value === true ? '' : String(value).replaceAll('\n', ' ');
    const isLong = text === '' || text === name || text.length > MAX_VALUE_LENGTH;
    return { kind: 'no-counterpart', name: shortName(isLong ? name : `${name}: ${text}`) };
  });
  const others = unknown.slice(MAX_UNKNOWN).map(([name]) => name);
  return others.length === 0
    ? notes
    : [...notes, { kind: 'no-counterpart', name: shortName(others.join(', ')) }];
}

const MAX_UNKNOWN = 30;
const MAX_VALUE_LENGTH = 60;

/** Whether a value says that something is not used. */
export const isOff = (value: unknown): boolean =>
  value === null ||
  value === false ||
  value === 0 ||
  (typeof value === 'string' && /^(none|false)?$/i.test(value.trim())) ||
  (Array.isArray(value) && value.length === 0);
