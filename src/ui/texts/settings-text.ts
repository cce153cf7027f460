import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import { type RequestSettings, type Tool, valuesOfSettings } from '../../protocol/picture-settings.ts';
import { type ChoiceName, type SettingName, type SettingValues, settingOf } from '../../protocol/settings.ts';
import { type Fields, fieldsOf } from '../../state/form/fields.ts';
import { OFFERED_NAMES, type OfferNote } from '../../state/form/offered-settings.ts';
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

/** What a picture was made with, in the order of the table: labels and values, without what is empty or none. */
export function settingFacts(
  texts: Texts['fields'],
  settings: RequestSettings,
): readonly (readonly [name: SettingName, label: string, value: string])[] {
  const values = valuesOfSettings(settings);
  return OFFERED_NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === null || value === '') return [];
    const fields = fieldsOf({ [name]: value } as SettingValues);
    return [[name, texts.labels[name], fieldText(texts, name, fields)] as const];
  });
}

/** The text of a note beside offered settings. Names in it come from a file. */
export function offerNoteText(
  { fields: { labels }, settingsOffer }: Texts,
  note: OfferNote,
  tool: Tool,
): string {
  const name = 'field' in note ? note.field : 'name' in note ? note.name : '';
  const words: Readonly<Record<string, string>> = { ...labels, ...settingsOffer.placing };
  const label = words[name] ?? name;
  const sampler = 'scheduler' in note ? SCHEDULERS[note.scheduler].label : '';
  return textOf(settingsOffer.notes, note, { label, sampler, tool });
}
