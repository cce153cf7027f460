import { type NumberName, SETTINGS } from '../../protocol/settings.ts';
import type { Note } from '../../state/form/settings-store.ts';
import type { Texts } from './en.ts';

/** The note under a number field. */
export function fieldNoteText(texts: Texts['fields'], field: NumberName, note: Note): string {
  if (note.kind === 'snapped') return texts.snapped(note.to);
  return texts.fault(texts.labels[field], SETTINGS[field]);
}
