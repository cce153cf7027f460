import { OWN_COMPONENTS } from '../../protocol/generation.ts';
import { hasQuantizedCopy, type InstalledModel } from '../../protocol/models.ts';
import {
  NO_SKIP_ON_SDXL,
  type PictureSettings,
  type RequestSettings,
  type SettingsNote,
  type Tool,
  valuesOfSettings,
} from '../../protocol/picture-settings.ts';
import {
  COMPONENT_NAMES,
  type ComponentName,
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  type SettingValues,
  settingOf,
} from '../../protocol/settings.ts';
import { asPainted, type Wildcards } from '../../protocol/wildcards.ts';
import { acceptField, type Fields, fieldsOf, toField } from './fields.ts';
import { namedModel } from './named-model.ts';
import { type OfferedSteering, offeredSteering, type SteeringNotHere } from './offered-steering.ts';

/** The settings that are taken over from a picture: all but those that belong to this device or person. */
export const OFFERED_NAMES = SETTING_NAMES.filter((name) => !settingOf(name).isLocal);

/** What is said about an offer: what its file or this device lacks. */
export type OfferNote =
  | SettingsNote
  | {
      readonly kind: 'not-here';
      readonly field: 'model' | ComponentName | 'bits';
      readonly name: string;
    }
  | SteeringNotHere;

/** A file's settings as the form would hold them. */
export interface Offer extends OfferedSteering {
  readonly tool: Tool;
  readonly fields: Partial<Fields>;
  readonly notes: readonly OfferNote[];
}

/** What is on this device and in its form. */
export interface OnDevice {
  readonly fields: Fields;
  readonly installed: readonly InstalledModel[] | null;
  /** The words that call its embeddings. */
  readonly tokens: readonly string[];
  /** Its lists of words; null where the texts still choose among them. */
  readonly wildcards: Wildcards | null;
}

/** What a file's settings would put into the form, as far as the form accepts it and this device has it. */
export function offerOf({ tool, settings, notes }: PictureSettings, here: OnDevice): Offer {
  const { model: _, vae, unet, textEncoder, bits, ...others } = settings;
  const { notes: ofSteering, ...steering } = offeredSteering(settings, here.installed);
  const fields: Partial<Fields> = {};
  const refused: OfferNote[] = [];
  const ofModel = offeredModel(settings, here);
  const model = ofModel.fields.model ?? here.fields.model;
  const { family: latentSpace } = here.installed?.find(({ id }) => id === model) ?? {};
  const isSdxl = latentSpace === 'sdxl';
  // Whatever it says, its picture was made with the usual layer.
  const ignored = isSdxl && NO_SKIP_ON_SDXL.includes(tool) ? { clipSkip: 0 } : {};
  const values: Partial<SettingValues> = { ...valuesOfSettings(others), ...ignored };
  for (const name of OFFERED_NAMES) {
    const said = values[name];
    if (said === undefined) continue;
    const isText = name === 'prompt' || name === 'negativePrompt';
    const value = isText && here.wildcards ? asPainted(String(said), here.wildcards) : said;
    const accepted = acceptField(name, toField(name, value));
    if (accepted !== null) Object.assign(fields, { [name]: accepted });
    else refused.push({ kind: 'refused', name, value: String(value) });
  }
  return {
    tool,
    fields: { ...fields, ...ofModel.fields },
    ...steering,
    notes: [
      ...notes.filter((note) => note.kind !== 'embedding' || !here.tokens.includes(note.name)),
      ...refused,
      ...ofModel.notes,
      ...ofSteering,
    ],
  };
}

/** The model with its replaced components and its copy; none of them if the model is not here. */
function offeredModel(
  settings: RequestSettings,
  { fields: now, installed }: OnDevice,
): Pick<Offer, 'fields' | 'notes'> {
  const notes: OfferNote[] = [];
  if (settings.model === undefined) return { fields: {}, notes };
  const model = namedModel(settings.model, installed, ({ type }) => type === 'model');
  if (!model) {
    notes.push({ kind: 'not-here', field: 'model', name: settings.model });
    return { fields: {}, notes };
  }
  const { previewVae, bits: full, ...components } = fieldsOf(OWN_COMPONENTS);
  const isSame = model === now.model;
  const fields: Partial<Fields> = { ...components, ...(!isSame && { previewVae, bits: full }), model };
  for (const component of COMPONENT_NAMES) {
    const name = settings[component];
    if (name === undefined || name === null) continue;
    const { component: part } = SETTINGS[component];
    const found = namedModel(name, installed, ({ type }) => type === 'model' || type === part);
    if (found) Object.assign(fields, { [component]: found });
    else notes.push({ kind: 'not-here', field: component, name });
  }
  const { bits } = settings;
  if (bits === undefined) return { fields, notes };
  const files = installed?.find(({ id }) => id === model)?.files ?? [];
  if (bits === null || hasQuantizedCopy(files, bits))
    return { fields: { ...fields, ...fieldsOf({ bits }) }, notes };
  notes.push({ kind: 'not-here', field: 'bits', name: `${bits} bits` });
  return { fields, notes };
}

/** The fields that an offer would change, in the order of the table of settings. */
export const changedFields = (offer: Partial<Fields>, now: Fields): readonly SettingName[] =>
  SETTING_NAMES.filter((name) => offer[name] !== undefined && offer[name] !== now[name]);
