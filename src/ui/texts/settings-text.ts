import { modelLabel } from '../../catalog/models.ts';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import type { PictureSettings } from '../../protocol/picture-settings.ts';
import { SETTINGS, type SettingName } from '../../protocol/settings.ts';
import type { Fields } from '../../state/form/fields.ts';
import type { OfferNote } from '../../state/form/offered-settings.ts';
import type { Texts } from './en.ts';
import { word } from './word.ts';

/** What a field holds, as the form words it. */
export function valueText<K extends keyof Fields>(
  texts: Texts['fields'],
  field: K,
  fields: Pick<Fields, K>,
): string {
  const value = fields[field];
  switch (field) {
    case 'scheduler':
      return SCHEDULERS[value as Fields['scheduler']].label;
    case 'hiresUpscaler':
    case 'noise':
    case 'fit':
    case 'maskedContent':
    case 'paddingMaskCrop':
    case 'bits': {
      const choices: Readonly<Record<string, string>> = texts[field as 'hiresUpscaler'];
      return choices[value as string] as string;
    }
    case 'model':
      return modelLabel(value as Fields['model']);
    case 'vae':
    case 'unet':
    case 'textEncoder':
      return value === '' ? texts.ownComponent : modelLabel(value as string);
    case 'previewVae':
      return value === '' ? texts.ownPreview : modelLabel(value as string);
    default:
      return value === '' ? texts.none : String(value);
  }
}

/** What a note says to a person. Names in it are a stranger's. */
export function noteText(
  { fields: { labels }, settingsOffer }: Texts,
  note: OfferNote,
  tool: PictureSettings['tool'],
): string {
  const name = 'field' in note ? note.field : 'name' in note ? note.name : '';
  const label = isSetting(name) ? labels[name] : name;
  const sampler = 'scheduler' in note ? SCHEDULERS[note.scheduler].label : '';
  return word(settingsOffer.notes, note, { label, sampler, tool });
}

const isSetting = (name: string): name is SettingName => Object.hasOwn(SETTINGS, name);
