import { BUNDLED, type BundledModel, type GenerationDefaults, type ModelId } from '../../catalog/models.ts';
import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import type { DeviceChoice, MemoryChoice } from '../../protocol/device.ts';
import { type GenerationRequest, type NoiseSource, UNTOLD } from '../../protocol/generation.ts';
import type { Fit, MaskedContent } from '../../protocol/init-image.ts';
import { HIRES_CHOICES, type HiresChoice, toHires } from './hires.ts';
import { INPAINT_AREAS, type InpaintArea, MASKED_CONTENTS } from './inpaint.ts';

/** What one number of the form may be. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** One press of an arrow key. Sizes are also snapped to it. */
  readonly step: number;
  /** Whole numbers only. */
  readonly whole: boolean;
}

/** Every number of the form; the names are those of a link's parameters. */
export const NUMBER_RULES = {
  seed: { min: 0, max: 4_294_967_295, step: 1, whole: true },
  steps: { min: 1, max: 150, step: 1, whole: true },
  guidance: { min: 0, max: 30, step: 0.25, whole: false },
  width: { min: 64, max: 1024, step: 8, whole: true },
  height: { min: 64, max: 1024, step: 8, whole: true },
  rescale: { min: 0, max: 1, step: 0.05, whole: false },
  guidanceStart: { min: 0, max: 1, step: 0.05, whole: false },
  guidanceEnd: { min: 0, max: 1, step: 0.05, whole: false },
  clipSkip: { min: 0, max: 11, step: 1, whole: true },
  strength: { min: 0, max: 1, step: 0.05, whole: false },
  maskBlur: { min: 0, max: 64, step: 1, whole: false },
  eta: { min: 0, max: 1, step: 0.05, whole: false },
  hiresScale: { min: 1, max: 4, step: 0.25, whole: false },
  hiresStrength: { min: 0.05, max: 1, step: 0.05, whole: false },
  hiresSteps: { min: 0, max: 150, step: 1, whole: true },
  images: { min: 1, max: 16, step: 1, whole: true },
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

/** Where to run. */
export const DEVICE_CHOICES = ['auto', 'webgpu', 'wasm'] as const satisfies readonly DeviceChoice[];
/** Whose generator makes the noise. */
export const NOISE_SOURCES = ['cpu', 'gpu'] as const satisfies readonly NoiseSource[];
/** What stays loaded. */
export const MEMORY_CHOICES = ['auto', 'all', 'one-by-one'] as const satisfies readonly MemoryChoice[];
/** Which copy of the weights. */
export const WEIGHTS_CHOICES = ['full', '16', '8', '4'] as const satisfies readonly WeightsChoice[];
/** What becomes of a picture of another shape. */
export const FITS = ['crop', 'stretch', 'fill'] as const satisfies readonly Fit[];

const BITS = { '16': 16, '8': 8, '4': 4 } as const;

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

const isOneOf = <T extends string>(choices: readonly T[], value: unknown): value is T =>
  (choices as readonly unknown[]).includes(value);
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
      return isOneOf(DEVICE_CHOICES, value) ? value : null;
    case 'noise':
      return isOneOf(NOISE_SOURCES, value) ? value : null;
    case 'weights':
      return isOneOf(WEIGHTS_CHOICES, value) ? value : null;
    case 'memory':
      return isOneOf(MEMORY_CHOICES, value) ? value : null;
    case 'fit':
      return isOneOf(FITS, value) ? value : null;
    case 'hires':
      return isOneOf(HIRES_CHOICES, value) ? value : null;
    case 'maskedContent':
      return isOneOf(MASKED_CONTENTS, value) ? value : null;
    case 'inpaintArea':
      return isOneOf(INPAINT_AREAS, value) ? value : null;
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
