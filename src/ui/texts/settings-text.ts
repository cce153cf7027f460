import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import type { Tool } from '../../protocol/picture-settings.ts';
import { type ChoiceName, SETTINGS, type SettingName, settingOf } from '../../protocol/settings.ts';
import type { Fields } from '../../state/form/fields.ts';
import type { OfferNote } from '../../state/form/offered-settings.ts';
import type { Texts } from './en.ts';
import { textOf } from './text-of.ts';

/** The value of a field as the form shows it. */
export function fieldText<K extends keyof Fields>(
  texts: Texts['fields'],
  field: K,
  fields: Pick<Fields, K>,
): string {
  const value: string | boolean = fields[field];
  if (field === 'scheduler') return SCHEDULERS[value as Fields['scheduler']].label;
  const { kind } = settingOf(field);
  if (kind === 'choice') {
    const choices: Readonly<Record<string, string>> = texts[field as Exclude<ChoiceName, 'scheduler'>];
    return choices[String(value)] as string;
  }
  if (kind === 'model' && value !== '') return modelLabel(String(value));
  if (kind === 'model') return field === 'previewVae' ? texts.ownPreview : texts.ownComponent;
  return value === '' ? texts.none : String(value);
}

/** The text of a note beside offered settings. Names in it come from a file. */
export function offerNoteText(
  { fields: { labels }, settingsOffer }: Texts,
  note: OfferNote,
  tool: Tool,
): string {
  const name = 'field' in note ? note.field : 'name' in note ? note.name : '';
  const label = isSetting(name) ? labels[name] : name;
  const sampler = 'scheduler' in note ? SCHEDULERS[note.scheduler].label : '';
  return textOf(settingsOffer.notes, note, { label, sampler, tool });
}

const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);
