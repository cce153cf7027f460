import { BUNDLED, type BundledModel, type GenerationDefaults, isModelId } from '../../catalog/models.ts';
import type { NumberSetting } from '../../protocol/setting.ts';
import {
  initialValues,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingValues,
  settingOf,
  type TextName,
} from '../../protocol/settings.ts';

/** What the form holds for a row of the table of settings. */
type FieldOf<Row> = Row extends { readonly kind: 'switch' }
  ? boolean
  : Row extends { readonly choices: readonly (infer Choice extends string | number)[] }
    ? `${Choice}` | (Row extends { readonly none: infer None } ? None : never)
    : string;

/** The form as it is on the screen: a number is the text typed, which need not be a number yet. */
export type Fields = { readonly [K in keyof typeof SETTINGS]: FieldOf<(typeof SETTINGS)[K]> };

type Value = string | number | boolean | null;

/** A value of a setting as the form holds it. */
export function toField(name: SettingName, value: Value): string | boolean {
  if (value === null) return noneOf(name) ?? '';
  return typeof value === 'boolean' ? value : String(value);
}

/** The reverse of `toField`. A text that is no number yet gives NaN. */
function toValue(name: SettingName, field: string | boolean): Value {
  const setting = settingOf(name);
  if (field === noneOf(name)) return null;
  if (setting.kind === 'number') return Number(field);
  if (setting.kind === 'choice') return setting.choices.find((choice) => String(choice) === field) ?? null;
  return field;
}

/** `toField` for several settings. */
export function fieldsOf<Name extends SettingName>(values: Pick<SettingValues, Name>): Pick<Fields, Name> {
  const names = Object.keys(values) as Name[];
  // TypeScript cannot follow a loop over settings of different types.
  return Object.fromEntries(names.map((name) => [name, toField(name, values[name])])) as Pick<Fields, Name>;
}

/** `toValue` for several settings. */
export function valuesOf<Name extends SettingName>(
  names: readonly Name[],
  fields: Pick<Fields, Name>,
): Pick<SettingValues, Name> {
  const values = names.map((name) => [name, toValue(name, fields[name])]);
  // TypeScript cannot follow a loop over settings of different types.
  return Object.fromEntries(values) as Pick<SettingValues, Name>;
}

/** The form's word for null; undefined for a setting that is never null. */
function noneOf(name: SettingName): string | undefined {
  const setting = settingOf(name);
  return 'none' in setting ? setting.none : undefined;
}

/** What the form takes over from a model that is chosen. */
export const modelFields = ({
  width,
  height,
  numInferenceSteps,
  guidanceScale,
  scheduler,
  hiresStrength = SETTINGS.hiresStrength.initial,
}: GenerationDefaults) =>
  fieldsOf({
    ...{ width, height, numInferenceSteps, guidanceScale, hiresStrength },
    // A schedule that was set beside another sampler is not this one's.
    ...{ scheduler, schedule: SETTINGS.schedule.default },
  });

/** A fresh form, with this seed. */
export function freshFields(seed: number): Fields {
  const values = initialValues();
  const { defaults } = BUNDLED[values.model] as BundledModel;
  return { ...fieldsOf(values), ...modelFields(defaults), seed: String(seed) };
}

/** What belongs to a picture and not to its model's usual settings. */
const ITS_OWN: readonly SettingName[] = ['prompt', 'negativePrompt', 'model', 'seed'];

/** A model's usual settings: all but the texts, the model, the seed, and what belongs to this device or person. */
export function usualFields(defaults: GenerationDefaults): Partial<Fields> {
  const usual = { ...freshFields(0), ...modelFields(defaults) };
  const names = SETTING_NAMES.filter((name) => !ITS_OWN.includes(name) && !settingOf(name).isLocal);
  return Object.fromEntries(names.map((name) => [name, usual[name]]));
}

/** The number that a text is, or null if the limits do not allow it. It need not be a multiple of the step yet. */
export function parseNumber({ min, max, whole }: NumberSetting, text: string): number | null {
  if (text.trim() === '') return null;
  const value = Number(text);
  return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : null;
}

/** Whether a text has more characters than a request may hold. */
export const isTooLong = (name: TextName, text: string) => text.length > SETTINGS[name].maxLength;

/** The nearest value that a request may hold; whole numbers become multiples of their step. */
export function snap({ min, max, step, whole }: NumberSetting, value: number): number {
  return Math.min(max, Math.max(min, whole ? Math.round(value / step) * step : value));
}

/**
 * The one check of values that come from outside (a link, storage, a picture): the value as the field holds it, or null if
 * the field does not accept it.
 */
export function acceptField<K extends SettingName>(name: K, value: unknown): Fields[K] | null;
export function acceptField(name: SettingName, value: unknown): string | boolean | null {
  const setting = settingOf(name);
  if (setting.kind === 'switch') {
    if (value === true || value === '1') return true;
    return value === false || value === '0' ? false : null;
  }
  if (typeof value !== 'string') return null;
  switch (setting.kind) {
    case 'text':
      return value.length <= setting.maxLength ? value : null;
    case 'number': {
      const number = parseNumber(setting, value);
      return number === null ? null : String(number);
    }
    case 'choice':
      return value === setting.none || setting.choices.map(String).includes(value) ? value : null;
    case 'model':
      return value === setting.none || isModelId(value) ? value : null;
  }
}
