import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import { type RequestSettings, type Tool, valuesOfSettings } from '../../protocol/picture-settings.ts';
import { type ChoiceName, SETTING_NAMES, type SettingValues, settingOf } from '../../protocol/settings.ts';
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
  return value === '' ? texts.none : kind === 'number' ? texts.number(String(value)) : String(value);
}

/** A setting that a picture was made with, in words. */
export interface SettingFact {
  readonly name: string;
  readonly label: string;
  readonly value: string;
}

/** What a picture was made with, in the order of the table, without what is empty or none. */
export const settingFacts = (texts: Texts['fields'], settings: RequestSettings): SettingFact[] =>
  factsOf(texts, valuesOfSettings(settings));

/** What a request says, without what diffusers would do if it were not said. */
export function requestFacts(texts: Texts['fields'], request: GenerationRequest): SettingFact[] {
  const values = valuesOfSettings({ ...request.image, ...request });
  const said = SETTING_NAMES.filter((name) => values[name] !== settingOf(name).default);
  return factsOf(texts, Object.fromEntries(said.map((name) => [name, values[name]])));
}

function factsOf(texts: Texts['fields'], values: Partial<SettingValues>): SettingFact[] {
  return OFFERED_NAMES.flatMap((name) => {
    const value = values[name];
    if (value === undefined || value === null || value === '') return [];
    const fields = fieldsOf({ [name]: value } as SettingValues);
    return { name, label: texts.labels[name], value: fieldText(texts, name, fields) };
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
  const label = Object.hasOwn(words, name) ? (words[name] as string) : name;
  const sampler = 'scheduler' in note ? SCHEDULERS[note.scheduler].label : '';
  return textOf(settingsOffer.notes, note, { label, sampler, tool });
}
