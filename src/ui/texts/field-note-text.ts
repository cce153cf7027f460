import { NUMBER_RULES, type NumberField } from '../../state/form/fields.ts';
import type { Note } from '../../state/form/settings.ts';
import type { Texts } from './en.ts';

/** The note under a number field. */
export function fieldNoteText(texts: Texts['fields'], field: NumberField, note: Note): string {
  if (note.kind === 'snapped') return texts.snapped(note.to);
  return texts.fault(texts.labels[field], NUMBER_RULES[field]);
}
