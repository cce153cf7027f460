import { BUNDLED, type BundledModel, type GenerationDefaults, type ModelId } from '../catalog/models.ts';
import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import {
  type DeviceChoice,
  type Fit,
  type GenerationRequest,
  type MaskedContent,
  type MemoryChoice,
  type NoiseSource,
  UNTOLD,
} from '../protocol/calls.ts';
import { HIRES_CHOICES, type HiresChoice, toHires } from './hires.ts';
import { INPAINT_AREAS, type InpaintArea, MASKED_CONTENTS } from './inpaint.ts';

/** What one number of the form may be. */
export interface NumberRule {
  /** The visible and accessible name. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  /** One press of an arrow key. Sizes are also snapped to it. */
  readonly step: number;
  /** Whole numbers only. */
  readonly whole: boolean;
}

/** Every number of the form; the names are those of a link's parameters. */
export const NUMBER_RULES = {
  seed: { label: 'Seed', min: 0, max: 4_294_967_295, step: 1, whole: true },
  steps: { label: 'Steps', min: 1, max: 150, step: 1, whole: true },
  guidance: { label: 'Guidance scale', min: 0, max: 30, step: 0.25, whole: false },
  width: { label: 'Width', min: 64, max: 1024, step: 8, whole: true },
  height: { label: 'Height', min: 64, max: 1024, step: 8, whole: true },
  rescale: { label: 'Guidance rescale', min: 0, max: 1, step: 0.05, whole: false },
  guidanceStart: { label: 'Guide from', min: 0, max: 1, step: 0.05, whole: false },
  guidanceEnd: { label: 'Guide until', min: 0, max: 1, step: 0.05, whole: false },
  clipSkip: { label: 'Clip skip', min: 0, max: 11, step: 1, whole: true },
  strength: { label: 'Strength', min: 0, max: 1, step: 0.05, whole: false },
  maskBlur: { label: 'Mask blur', min: 0, max: 64, step: 1, whole: false },
  eta: { label: 'Eta', min: 0, max: 1, step: 0.05, whole: false },
  hiresScale: { label: 'Enlarge by', min: 1, max: 4, step: 0.25, whole: false },
  hiresStrength: { label: 'Hires strength', min: 0.05, max: 1, step: 0.05, whole: false },
  hiresSteps: { label: 'Hires steps', min: 0, max: 150, step: 1, whole: true },
  images: { label: 'Images', min: 1, max: 16, step: 1, whole: true },
} as const satisfies Record<string, NumberRule>;

export type NumberField = keyof typeof NUMBER_RULES;

export const NUMBER_FIELDS = Object.keys(NUMBER_RULES) as NumberField[];

/** The form as it stands on the screen: a number is the text typed, which may not be a number yet. */
export interface Fields extends Record<NumberField, string> {
  readonly prompt: string;
  readonly negative: string;
  readonly sampler: SchedulerId;
  readonly model: ModelId;
  /** Where components come from that are not the model's own; empty for its own. */
  readonly textEncoder: ModelId;
  readonly unet: ModelId;
  readonly vae: ModelId;
  /** A tiny VAE that shows every step; empty for quick colours. */
  readonly preview: ModelId;
  readonly device: DeviceChoice;
  readonly noise: NoiseSource;
  readonly fit: Fit;
  readonly hires: HiresChoice;
  readonly maskedContent: MaskedContent;
  readonly inpaintArea: InpaintArea;
  readonly filmstrip: boolean;
  readonly memory: MemoryChoice;
  readonly weights: WeightsChoice;
}

/** Which copy of the weights is used. */
export type WeightsChoice = 'full' | '16' | '8' | '4';

/** Where to run, as the form words it. */
export const DEVICE_CHOICES: Readonly<Record<DeviceChoice, string>> = {
  auto: 'Automatic',
  webgpu: 'GPU (WebGPU)',
  wasm: 'CPU',
};

/** Whose generator makes the noise, as the form words it. */
export const NOISE_SOURCES: Readonly<Record<NoiseSource, string>> = {
  cpu: 'As diffusers on a CPU',
  gpu: 'As diffusers and A1111 on CUDA',
};

/** What stays loaded, as the form words it. */
export const MEMORY_CHOICES: Readonly<Record<MemoryChoice, string>> = {
  auto: 'Automatic',
  all: 'Everything stays loaded',
  'one-by-one': 'One part at a time',
};

/** Which copy of the weights, as the form words it. */
export const WEIGHTS_CHOICES: Readonly<Record<WeightsChoice, string>> = {
  full: 'As they are',
  '16': '16 bits',
  '8': '8 bits',
  '4': '4 bits',
};

const BITS = { '16': 16, '8': 8, '4': 4 } as const;

/** What becomes of a picture of another shape, as the form words it. */
export const FITS: Readonly<Record<Fit, string>> = {
  crop: 'Cut to shape',
  stretch: 'All of it, stretched',
  fill: 'All of it, with borders to paint',
};

const USUAL_STRENGTH = 0.6;
/** A1111's own. */
const USUAL_MASK_BLUR = 4;

/** What the form takes over from a model that is chosen. */
export function modelFields({
  width,
  height,
  numInferenceSteps,
  guidanceScale,
  scheduler,
}: GenerationDefaults): Pick<Fields, 'steps' | 'guidance' | 'width' | 'height' | 'sampler'> {
  return {
    steps: String(numInferenceSteps),
    guidance: String(guidanceScale),
    width: String(width),
    height: String(height),
    sampler: scheduler,
  };
}

const FIRST_MODEL = 'trinket';

/** A fresh form. */
export function defaultFields(seed: number): Fields {
  return {
    ...modelFields((BUNDLED[FIRST_MODEL] as BundledModel).defaults),
    prompt: '',
    negative: '',
    seed: String(seed),
    rescale: String(UNTOLD.guidanceRescale),
    guidanceStart: String(UNTOLD.guidanceStart),
    guidanceEnd: String(UNTOLD.guidanceEnd),
    clipSkip: String(UNTOLD.clipSkip),
    strength: String(USUAL_STRENGTH),
    fit: 'crop',
    hires: 'off',
    hiresScale: '2',
    hiresStrength: String(USUAL_STRENGTH),
    hiresSteps: '0',
    maskBlur: String(USUAL_MASK_BLUR),
    maskedContent: 'original',
    inpaintArea: 'whole',
    eta: String(UNTOLD.eta),
    noise: UNTOLD.noise,
    images: '1',
    model: FIRST_MODEL,
    textEncoder: '',
    unet: '',
    vae: '',
    preview: '',
    device: 'auto',
    filmstrip: false,
    memory: UNTOLD.memory,
    weights: 'full',
  };
}

const LABELS: Readonly<Record<Exclude<keyof Fields, NumberField>, string>> = {
  prompt: 'Prompt',
  negative: 'Negative prompt',
  sampler: 'Sampler',
  model: 'Model',
  textEncoder: 'Text encoder',
  unet: 'U-Net',
  vae: 'VAE',
  preview: 'Previews',
  device: 'Device',
  noise: 'Noise',
  fit: 'Of another shape',
  hires: 'Enlarge',
  maskedContent: 'Masked content',
  inpaintArea: 'Inpaint area',
  filmstrip: 'Filmstrip',
  memory: 'Memory',
  weights: 'Weights',
};

/** A field's visible name. */
export const fieldLabel = (field: keyof Fields): string =>
  field in NUMBER_RULES ? NUMBER_RULES[field as NumberField].label : LABELS[field as keyof typeof LABELS];

/** What a number field accepts, as words: “a whole number from 1 to 150”. */
export function rangeText(field: NumberField): string {
  const { min, max, whole } = NUMBER_RULES[field];
  return `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`;
}

/** The number a text means, or null when the field does not accept it. A size need not be a multiple of 8 yet. */
export function parseNumber(field: NumberField, text: string): number | null {
  const { min, max, whole } = NUMBER_RULES[field];
  if (text.trim() === '') return null;
  const value = Number(text);
  return value >= min && value <= max && (!whole || Number.isInteger(value)) ? value : null;
}

/** The nearest size that latents can have: a multiple of 8 inside the range. */
export function snapSize(pixels: number): number {
  const { min, max, step } = NUMBER_RULES.width;
  return Math.min(max, Math.max(min, Math.round(pixels / step) * step));
}

/** catalog/models.ts, ModelId. */
const MODEL_ID = new RegExp(
  `^(${Object.keys(BUNDLED).join('|')}|disk:[^/\\\\]{1,200}|[\\w.-]{1,96}/[\\w.-]{1,96}(/[^\\\\]{1,200}\\.safetensors)?)$`,
  'i',
);

const isKey = <T extends object>(table: T, key: unknown): key is keyof T =>
  typeof key === 'string' && Object.hasOwn(table, key);

/**
 * One value from outside (a link, storage) as the field's own, or null when the field does not accept it.
 * The only gate by which such values come in.
 */
export function acceptField<K extends keyof Fields>(field: K, value: unknown): Fields[K] | null;
export function acceptField(field: keyof Fields, value: unknown): string | boolean | null {
  switch (field) {
    case 'prompt':
    case 'negative':
      return typeof value === 'string' ? value : null;
    case 'sampler':
      return isKey(SCHEDULERS, value) ? value : null;
    case 'model':
      return typeof value === 'string' && MODEL_ID.test(value) ? value : null;
    case 'textEncoder':
    case 'unet':
    case 'vae':
    case 'preview':
      return value === '' || (typeof value === 'string' && MODEL_ID.test(value)) ? value : null;
    case 'device':
      return isKey(DEVICE_CHOICES, value) ? value : null;
    case 'noise':
      return isKey(NOISE_SOURCES, value) ? value : null;
    case 'weights':
      return isKey(WEIGHTS_CHOICES, value) ? value : null;
    case 'memory':
      return isKey(MEMORY_CHOICES, value) ? value : null;
    case 'fit':
      return isKey(FITS, value) ? value : null;
    case 'hires':
      return isKey(HIRES_CHOICES, value) ? value : null;
    case 'maskedContent':
      return isKey(MASKED_CONTENTS, value) ? value : null;
    case 'inpaintArea':
      return isKey(INPAINT_AREAS, value) ? value : null;
    case 'filmstrip':
      return value === true || value === '1' ? true : value === false || value === '0' ? false : null;
    default: {
      const number = typeof value === 'string' ? parseNumber(field, value) : null;
      return number === null ? null : String(number);
    }
  }
}

/** What the form says of a request; files are kept apart from it. */
export type FormRequest = Omit<GenerationRequest, 'embeddings' | 'image' | 'memoryBytes'>;

/** The form as a request, once every number field holds what it accepts and sizes are snapped. */
export function toRequest(fields: Fields): FormRequest {
  return {
    model: fields.model,
    textEncoder: fields.textEncoder || null,
    unet: fields.unet || null,
    vae: fields.vae || null,
    previewVae: fields.preview || null,
    device: fields.device,
    prompt: fields.prompt,
    negativePrompt: fields.negative,
    width: Number(fields.width),
    height: Number(fields.height),
    numInferenceSteps: Number(fields.steps),
    guidanceScale: Number(fields.guidance),
    guidanceRescale: Number(fields.rescale),
    guidanceStart: Number(fields.guidanceStart),
    guidanceEnd: Number(fields.guidanceEnd),
    clipSkip: Number(fields.clipSkip),
    eta: Number(fields.eta),
    noise: fields.noise,
    seed: Number(fields.seed),
    numImages: Number(fields.images),
    hires: toHires(fields),
    scheduler: fields.sampler,
    filmstrip: fields.filmstrip,
    memory: fields.memory,
    bits: fields.weights === 'full' ? null : BITS[fields.weights],
  };
}
