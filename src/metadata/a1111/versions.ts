import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import type { SettingsNote, Tool } from '../../protocol/picture-settings.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { shortName } from '../settings/accept-settings.ts';
import { numberOrText } from '../settings/setting-values.ts';
import { FIRST_PASS } from './read-hires.ts';
import type { Infotext } from './split-infotext.ts';

// What A1111 meant by the same words at different times.

/**
 * The key that A1111 has for the eta of ancestral and SDE samplers, 1 where nothing is said (modules/sd_samplers_common.py).
 * DDIM's was under it too, before 1.3 and in our own first texts.
 */
export const OTHER_ETA = 'Eta';

/** A bracket of prompt editing, `[cat:dog:0.5]`, and when it changes. */
const EDITING = /:\s*(\d*\.?\d+)\s*\]/g;

/** What A1111 does with a prompt and is not done here. */
export function promptNotes(
  { prompt, negativePrompt, pairs }: Infotext,
  isHires: boolean,
): readonly SettingsNote[] {
  const notes: SettingsNote[] = [];
  if (/\bAND\b/.test(prompt)) notes.push({ kind: 'other-syntax', name: 'AND' });
  // Until 1.6 both passes went through all of it, and 1.0 was a step (modules/infotext_versions.py, prompt_parser.py).
  const [, major = '1', minor = '6'] = /^v?(\d+)\.(\d+)/.exec(pairs.get('Version') ?? '') ?? [];
  const isOld = Number(major) < 1 || (Number(major) === 1 && Number(minor) < 6);
  const changes = [...`${prompt}\n${negativePrompt}`.matchAll(EDITING)].map(([, when = '']) => when);
  const differs = changes.some((when) => isHires || (when.includes('.') && Number(when) >= 1));
  if ((isOld || pairs.has(FIRST_PASS)) && differs && !pairs.has(OLD_EDITING))
    notes.push({ kind: 'no-counterpart', name: OLD_EDITING });
  return notes;
}

/** What A1111 itself says since 1.6 where it does it the old way. */
const OLD_EDITING = 'Old prompt editing timelines';

/** Eta of the samplers that have it here, and a note of another's. */
export function readEta(tool: Tool, scheduler: SchedulerId | undefined, pairs: ReadonlyMap<string, string>) {
  const other = pairs.get(OTHER_ETA);
  const isOurs = tool === 'Safelight' || (scheduler !== undefined && 'readsEta' in SCHEDULERS[scheduler]);
  const said = pairs.get(SETTINGS.eta.a1111) ?? (isOurs ? other : undefined);
  const isNoted = !isOurs && other !== undefined && Number(other) !== 1;
  const notes: SettingsNote[] = isNoted
    ? [{ kind: 'no-counterpart', name: shortName(`${OTHER_ETA}: ${other}`) }]
    : [];
  return { value: numberOrText(said) ?? SETTINGS.eta.default, notes };
}
