import { BUNDLED, type ModelId, modelLabel } from '../../catalog/models.ts';
import type { Hires } from '../../protocol/hires.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import type { PictureSettings, RequestSettings, SettingsNote } from '../../protocol/picture-settings.ts';
import { acceptField, type Fields } from './fields.ts';
import { OWN_COMPONENTS } from './settings.ts';

/**
 * The form's field for each setting that shapes a picture. Where it runs, what stays loaded, what is shown on the way and
 * how many are painted belong to this machine and this person: they are not taken from a file.
 */
export const FIELD_OF = {
  prompt: 'prompt',
  negativePrompt: 'negative',
  model: 'model',
  vae: 'vae',
  unet: 'unet',
  textEncoder: 'textEncoder',
  bits: 'weights',
  numInferenceSteps: 'steps',
  guidanceScale: 'guidance',
  scheduler: 'sampler',
  seed: 'seed',
  width: 'width',
  height: 'height',
  strength: 'strength',
  fit: 'fit',
  maskBlur: 'maskBlur',
  maskedContent: 'maskedContent',
  paddingMaskCrop: 'inpaintArea',
  guidanceRescale: 'rescale',
  guidanceStart: 'guidanceStart',
  guidanceEnd: 'guidanceEnd',
  clipSkip: 'clipSkip',
  eta: 'eta',
  noise: 'noise',
} as const satisfies Partial<Record<keyof RequestSettings, keyof Fields>>;

type TakenSetting = keyof typeof FIELD_OF;

/** What there is to say beside an offer: what its file lacks, or this device. */
export type OfferNote =
  | SettingsNote
  | {
      readonly kind: 'not-here';
      readonly field: 'model' | 'vae' | 'unet' | 'textEncoder' | 'weights';
      readonly name: string;
    };

/** A file's settings as the form would hold them. */
export interface Offer {
  readonly tool: PictureSettings['tool'];
  readonly fields: Partial<Fields>;
  readonly notes: readonly OfferNote[];
}

/** What is on this device, and in its form. */
export interface OnDevice {
  readonly fields: Fields;
  readonly installed: readonly InstalledModel[] | null;
  /** The words of its embeddings. */
  readonly tokens: readonly string[];
}

const COMPONENTS = ['vae', 'unet', 'textEncoder'] as const;

/** What taking over a file's settings would put into the form, as far as the form accepts it and this device has it. */
export function offerOf({ tool, settings, notes }: PictureSettings, here: OnDevice): Offer {
  const fields: Record<string, unknown> = {};
  const said: OfferNote[] = notes.filter(
    (note) => note.kind !== 'embedding' || !here.tokens.includes(note.name),
  );
  const take = (name: string, field: keyof Fields, value: unknown) => {
    const accepted = acceptField(field, String(value));
    if (accepted !== null) fields[field] = accepted;
    else said.push({ kind: 'refused', name, value: String(value) });
  };
  for (const [name, field] of Object.entries(FIELD_OF) as [TakenSetting, keyof Fields][]) {
    const value = settings[name];
    if (value !== undefined && value !== null && !isOfModel(name)) take(name, field, value);
  }
  if (settings.paddingMaskCrop === null) fields.inpaintArea = 'whole';
  if (settings.hires !== undefined)
    for (const [field, value] of Object.entries(hiresValues(settings.hires)))
      take(field, field as keyof Fields, value);
  const model = offeredModel(settings, here);
  return { tool, fields: { ...fields, ...model.fields }, notes: [...said, ...model.notes] };
}

/** The fields of the second pass. */
export const HIRES_FIELDS = ['hires', 'hiresScale', 'hiresStrength', 'hiresSteps'] as const;

/** What the fields of the second pass would hold; without one the others stay as they are. */
function hiresValues(hires: Hires | null): Partial<Record<(typeof HIRES_FIELDS)[number], string | number>> {
  if (!hires) return { hires: 'off' };
  const { upscaler, scale, strength, steps } = hires;
  return { hires: upscaler, hiresScale: scale, hiresStrength: strength, hiresSteps: steps };
}

const isOfModel = (name: TakenSetting) =>
  name === 'model' || name === 'bits' || (COMPONENTS as readonly string[]).includes(name);

/** The model and what stands in for its parts; of a model that is not here none of it. */
function offeredModel(settings: RequestSettings, { fields: now, installed }: OnDevice) {
  const notes: OfferNote[] = [];
  if (settings.model === undefined) return { fields: {}, notes };
  const model = findModel(settings.model, installed, ({ type }) => type === 'model');
  if (!model) {
    notes.push({ kind: 'not-here', field: 'model', name: settings.model });
    return { fields: {}, notes };
  }
  const own = model === now.model ? { vae: '', unet: '', textEncoder: '' } : OWN_COMPONENTS;
  const fields: Record<string, unknown> = { ...own, model };
  for (const component of COMPONENTS) {
    const name = settings[component];
    if (name === undefined || name === null) continue;
    const found = findModel(name, installed, ({ type }) => type !== 'lora');
    if (found) fields[component] = found;
    else notes.push({ kind: 'not-here', field: component, name });
  }
  const { bits } = settings;
  const files = installed?.find(({ id }) => id === model)?.files ?? [];
  if (bits && files.some(({ path }) => path === `quantized/unet.${bits}.safetensors`))
    fields.weights = String(bits);
  else if (bits === null) fields.weights = 'full';
  else if (bits) notes.push({ kind: 'not-here', field: 'weights', name: `${bits} bits` });
  return { fields: fields as Partial<Fields>, notes };
}

const stem = (name: string) =>
  (name.split(/[/\\:]/).at(-1) as string).replace(/\.safetensors$/i, '').toLowerCase();

/** A model of this device by its id, its file's name or its label; null where there is none. */
function findModel(
  name: string,
  installed: readonly InstalledModel[] | null,
  fits: (model: InstalledModel) => boolean,
): ModelId | null {
  const ready = installed?.filter((model) => model.complete && fits(model)) ?? [];
  const ids = [...Object.keys(BUNDLED), ...ready.map(({ id }) => id)];
  const isNamed = (id: ModelId) =>
    stem(id) === stem(name) || modelLabel(id).toLowerCase() === name.toLowerCase();
  return ids.find((id) => id === name) ?? ids.find(isNamed) ?? null;
}

/** The fields an offer would change, in the order of the form. */
export function changedFields(offer: Partial<Fields>, now: Fields): readonly (keyof Fields)[] {
  return [...Object.values(FIELD_OF), ...HIRES_FIELDS, 'preview' as const].filter(
    (field) => offer[field] !== undefined && offer[field] !== now[field],
  );
}
