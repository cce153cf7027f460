import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import type { Fields } from '../../state/form/fields.ts';
import { FIELD_OF, HIRES_FIELDS, type OfferNote } from '../../state/form/offered-settings.ts';
import type { Texts } from './en.ts';
import { textOf } from './text-of.ts';

/** The value of a field as the form shows it. */
export function fieldText<K extends keyof Fields>(
  texts: Texts['fields'],
  field: K,
  fields: Pick<Fields, K>,
): string {
  const value = fields[field];
  switch (field) {
    case 'sampler':
      return SCHEDULERS[value as Fields['sampler']].label;
    case 'hires':
    case 'noise':
    case 'fit':
    case 'maskedContent':
    case 'inpaintArea':
    case 'weights': {
      const choices: Readonly<Record<string, string>> = texts[field as 'hires'];
      return choices[value as string] as string;
    }
    case 'model':
      return modelLabel(value as Fields['model']);
    case 'vae':
    case 'unet':
    case 'textEncoder':
      return value === '' ? texts.ownComponent : modelLabel(value as string);
    case 'preview':
      return value === '' ? texts.ownPreview : modelLabel(value as string);
    default:
      return value === '' ? texts.none : String(value);
  }
}

/** The text of a note beside offered settings. Names in it come from a file. */
export function offerNoteText(
  { fields: { labels }, settingsOffer }: Texts,
  note: OfferNote,
  tool: PictureSettings['tool'],
): string {
  const field = 'field' in note ? note.field : 'name' in note ? fieldNamed(note.name) : undefined;
  const label = field ? labels[field] : 'name' in note ? note.name : '';
  const sampler = 'scheduler' in note ? SCHEDULERS[note.scheduler].label : '';
  return textOf(settingsOffer.notes, note, { label, sampler, tool });
}

/** The field a setting belongs to, by the setting's name or the field's own. */
function fieldNamed(name: string): keyof Fields | undefined {
  return HIRES_FIELDS.find((field) => field === name) ?? FIELD_OF[name as keyof typeof FIELD_OF];
}
