import { type NumberName, SETTINGS, type TextName } from '../../protocol/settings.ts';
import { isTooLong } from '../../state/form/fields.ts';
import type { Note } from '../../state/form/settings-store.ts';
import type { Texts } from './en.ts';

/** The note under a number field. */
export function fieldNoteText(texts: Texts['fields'], field: NumberName, note: Note): string {
  if (note.kind === 'snapped') return texts.snapped(note.to);
  return texts.fault(texts.labels[field], SETTINGS[field]);
}

/** What is wrong with a text, and what to do; null where it is not too long. */
export function tooLongText(
  { faults, remedies }: Texts['errors'],
  field: TextName,
  text: string,
): string | null {
  if (!isTooLong(field, text)) return null;
  const most = SETTINGS[field].maxLength;
  const sentence = faults['too-long']({ kind: 'too-long', field, most, found: text.length });
  return `${sentence} ${remedies['too-long']}`;
}
