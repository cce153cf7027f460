import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import { SCHEDULE_IDS, SCHEDULES } from '../catalog/schedules.ts';
import type { Setting } from './setting.ts';

/** The longest side that can be asked for, pixels. */
export const LARGEST_SIDE = 2048;
/** The most pixels of any picture painted here; a second pass may have a longer side than the first. */
export const LARGEST_AREA = LARGEST_SIDE ** 2;

const SCHEDULER_IDS = Object.keys(SCHEDULERS) as SchedulerId[];

// biome-ignore format: a table, one setting a line.
/**
 * Every setting, once. The form, links, the settings inside pictures, experiments and the check of a request are made from
 * this table. Names and meanings are those of diffusers' StableDiffusionPipeline, and of A1111 where diffusers has none. To
 * add a setting: a row here, its texts (ui/texts), its control (ui/create), and the code that uses it. The order is that
 * of a link, of the facts about a picture, and of what a picture's settings would change.
 */
export const SETTINGS = {
  prompt: { kind: 'text', link: 'prompt', axis: '', maxLength: 10_000, initial: '' },
  negativePrompt: { kind: 'text', link: 'negative', maxLength: 10_000, initial: '' },
  model: { kind: 'model', link: 'model', a1111: 'Model', axis: '', initial: 'trinket' },
  /** What makes pixels from latents: a repository of one, or a model to take it from. Null for the model's own. */
  vae: { kind: 'model', link: 'vae', a1111: 'VAE', component: 'vae', none: '', default: null },
  /** What removes the noise; null for the model's own. */
  unet: { kind: 'model', link: 'unet', component: 'unet', none: '', default: null },
  /** What reads the prompt; null for the model's own. */
  textEncoder: { kind: 'model', link: 'textEncoder', component: 'text_encoder', none: '', default: null },
  /** The quantised copy of the weights to use, by the bits of a number; null for the weights as they are. */
  bits: { kind: 'choice', link: 'weights', choices: [16, 8, 4], none: 'full', default: null },
  numInferenceSteps: { kind: 'number', link: 'steps', a1111: 'Steps', axis: '5-25 (+5)', min: 1, max: 1000, step: 1, whole: true, slider: 150 },
  /** 1 or less runs without classifier-free guidance. */
  guidanceScale: { kind: 'number', link: 'guidance', a1111: 'CFG scale', axis: '', min: 0, max: 100, step: 0.25, whole: false, slider: 30 },
  scheduler: { kind: 'choice', link: 'sampler', a1111: 'Sampler', axis: '', choices: SCHEDULER_IDS },
  /** How the noise levels are spread, with A1111's words; null for the sampler's own way, which its name may say. */
  schedule: { kind: 'choice', link: 'schedule', a1111: 'Schedule type', axis: 'karras, normal, sgm-uniform, beta', choices: SCHEDULE_IDS, a1111Words: SCHEDULE_IDS.map((id) => SCHEDULES[id].label), none: 'automatic', default: null },
  /** Image i uses seed + i. */
  seed: { kind: 'number', link: 'seed', a1111: 'Seed', axis: '', min: 0, max: 2 ** 32 - 1, step: 1, whole: true },
  /** Pixels. */
  width: { kind: 'number', link: 'width', min: 64, max: LARGEST_SIDE, step: 8, whole: true },
  height: { kind: 'number', link: 'height', min: 64, max: LARGEST_SIDE, step: 8, whole: true },
  /** How much of the run is left for the picture to start from, and so how much of it may change. */
  strength: { kind: 'number', link: 'strength', a1111: 'Denoising strength', axis: '0.3-0.9 [4]', within: 'image', min: 0, max: 1, step: 0.05, whole: false, slider: 1, initial: 0.6 },
  /** How a picture of another shape is fitted: cropped, stretched, or whole with borders to paint. */
  fit: { kind: 'choice', link: 'fit', within: 'image', choices: ['crop', 'stretch', 'fill'], default: 'crop' },
  /** Standard deviation of the blur on the mask, pixels. A1111 starts with 4. */
  maskBlur: { kind: 'number', link: 'maskBlur', a1111: 'Mask blur', within: 'image', min: 0, max: 64, step: 1, whole: false, slider: 64, default: 0, initial: 4 },
  /** What is under the mask when painting begins: the picture, the colours around, or noise. */
  maskedContent: { kind: 'choice', link: 'maskedContent', a1111: 'Masked content', within: 'image', choices: ['original', 'fill', 'noise'], a1111Words: ['original', 'fill', 'latent noise'], default: 'original' },
  /**
   * Paint only what is marked, at the requested size, with this many pixels of the file around it, and paste it back into
   * the picture at the picture's own size. Null to paint the whole picture.
   */
  paddingMaskCrop: { kind: 'choice', link: 'inpaintArea', a1111: 'Masked area padding', within: 'image', choices: [32, 64, 128, 256], none: 'whole', default: null },
  /** How strongly guidance is kept from overexposing the picture. */
  guidanceRescale: { kind: 'number', link: 'rescale', a1111: 'CFG Rescale', axis: '0, 0.35, 0.7', min: 0, max: 1, step: 0.05, whole: false, slider: 1, default: 0 },
  /** The part of the run that is guided, from here … */
  guidanceStart: { kind: 'number', link: 'guidanceStart', a1111: 'Guidance start', min: 0, max: 1, step: 0.05, whole: false, default: 0 },
  /** … to here. */
  guidanceEnd: { kind: 'number', link: 'guidanceEnd', a1111: 'Guidance end', min: 0, max: 1, step: 0.05, whole: false, default: 1 },
  /** Layers of the text encoders left out, counted from their last: fewer than the model leaves out by itself change nothing. A1111 counts one more. */
  clipSkip: { kind: 'number', link: 'clipSkip', a1111: 'Clip skip', axis: '0-2', min: 0, max: 31, step: 1, whole: true, slider: 11, default: 0 },
  /** Whether a chunk's states keep the mean they had before words were weighted, or have none of it, or no word is weighted. */
  emphasis: { kind: 'choice', link: 'emphasis', a1111: 'Emphasis', choices: ['original', 'no-norm', 'ignore'], a1111Words: ['Original', 'No norm', 'Ignore'], default: 'original' },
  /** How much fresh noise each step adds, in the samplers that leave this open (DDIM, TCD). */
  eta: { kind: 'number', link: 'eta', a1111: 'Eta DDIM', axis: '0-1 [3]', min: 0, max: 1, step: 0.05, whole: false, slider: 1, default: 0 },
  /** DeepCache: every how many evaluations all of the UNet is computed, and between them only its last layers; 1 for always. */
  cacheInterval: { kind: 'number', link: 'deepCache', a1111: 'DeepCache interval', axis: '1, 2, 3, 5', min: 1, max: 100, step: 1, whole: true, slider: 5, default: 1 },
  /** How many layers beside the very last DeepCache computes in every evaluation. */
  cacheBranchId: { kind: 'number', link: 'deepCacheBranch', a1111: 'DeepCache branch', axis: '0-2', min: 0, max: 2, step: 1, whole: true, slider: 2, default: 0 },
  /** T-GATE: from which evaluation on attention to the text is taken over, without guidance; 0 for none. */
  gateStep: { kind: 'number', link: 'tGate', a1111: 'T-GATE step', axis: '0, 5, 10', min: 0, max: 1000, step: 1, whole: true, slider: 50, default: 0 },
  /** Whose random numbers make the noise: torch's on a CPU, as in diffusers' examples, or CUDA's, as A1111's NV lays it out. */
  noise: { kind: 'choice', link: 'noise', a1111: 'RNG', choices: ['cpu', 'gpu'], a1111Words: ['CPU', 'GPU'], default: 'cpu' },
  /** How the first picture is enlarged for a second pass: as latents, or as pixels. Null for no second pass. */
  hiresUpscaler: { kind: 'choice', link: 'hires', a1111: 'Hires upscaler', within: 'hires', choices: ['latent', 'image'], a1111Words: ['Latent', 'Lanczos'], none: 'off', default: null },
  /** Times either side, before rounding and the largest area (`hiresSize`). */
  hiresScale: { kind: 'number', link: 'hiresScale', a1111: 'Hires upscale', within: 'hires', min: 1, max: 4, step: 0.25, whole: false, slider: 4, initial: 2 },
  /** How far back towards noise the enlarged picture goes. */
  hiresStrength: { kind: 'number', link: 'hiresStrength', a1111: 'Hires denoising strength', within: 'hires', min: 0.01, max: 1, step: 0.01, whole: false, slider: 1, initial: 0.6 },
  /** Steps of the second pass, whatever its strength; in the form, 0 is as many as the first pass has. */
  hiresSteps: { kind: 'number', link: 'hiresSteps', a1111: 'Hires steps', within: 'hires', min: 0, max: 1000, step: 1, whole: true, slider: 150, initial: 0 },
  /** A tiny VAE that shows every step in full; null for one pixel per latent pixel. */
  previewVae: { kind: 'model', link: 'preview', none: '', default: null, isLocal: true },
  numImages: { kind: 'number', link: 'images', min: 1, max: 100, step: 1, whole: true, slider: 16, initial: 1, isLocal: true },
  device: { kind: 'choice', link: 'device', choices: ['auto', 'webgpu', 'wasm'], initial: 'auto', isLocal: true },
  /** Decode the picture in full eight times along the way. */
  filmstrip: { kind: 'switch', link: 'filmstrip', initial: false, isLocal: true },
  /** What stays loaded: every component, only the one at work, or what fits. */
  memory: { kind: 'choice', link: 'memory', choices: ['auto', 'all', 'one-by-one'], default: 'auto', isLocal: true },
} as const satisfies Readonly<Record<string, Setting>>;

type Table = typeof SETTINGS;
export type SettingName = keyof Table;

/** The settings whose row has these columns. */
type Having<Columns> = { [K in SettingName]: Table[K] extends Columns ? K : never }[SettingName];
export type NumberName = Having<{ readonly kind: 'number' }>;
export type TextName = Having<{ readonly kind: 'text' }>;
export type ChoiceName = Having<{ readonly kind: 'choice' }>;
/** The settings that choose the model and what goes with it. */
export type ModelName = Having<{ readonly kind: 'model' }>;
/** The settings that replace a component of the model. */
export type ComponentName = Having<{ readonly component: string }>;
/** The settings that an experiment can vary. */
export type AxisName = Having<{ readonly axis: string }>;
/** The settings that A1111 has a name for. */
export type A1111Name = Having<{ readonly a1111: string }>;
type ImageName = Having<{ readonly within: 'image' }>;
export type HiresName = Having<{ readonly within: 'hires' }>;
type PlainName = Exclude<SettingName, Having<{ readonly within: string }>>;

/** What a request may hold for a row of the table. */
type ValueOf<Row> =
  | (Row extends { readonly kind: 'number' }
      ? number
      : Row extends { readonly kind: 'switch' }
        ? boolean
        : Row extends { readonly choices: readonly (infer Choice)[] }
          ? Choice
          : string)
  | (Row extends { readonly none: string } ? null : never);

/** A value for every setting, as a request holds it. */
export type SettingValues = { readonly [K in keyof Table]: ValueOf<Table[K]> };
/** The settings that the request itself holds, and those that its picture to start from does. */
export type PlainSettings = Pick<SettingValues, PlainName>;
export type ImageSettings = Pick<SettingValues, ImageName>;

/** A row as any row may be, with every column. */
export const settingOf = (name: SettingName): Setting => SETTINGS[name];

export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];
const namesOf = (is: (setting: Setting) => boolean) => SETTING_NAMES.filter((name) => is(settingOf(name)));
export const NUMBER_NAMES = namesOf(({ kind }) => kind === 'number') as NumberName[];
export const TEXT_NAMES = namesOf(({ kind }) => kind === 'text') as TextName[];
export const MODEL_NAMES = namesOf(({ kind }) => kind === 'model') as ModelName[];
export const COMPONENT_NAMES = namesOf((setting) => 'component' in setting) as ComponentName[];
export const AXIS_NAMES = namesOf(({ axis }) => axis !== undefined) as AxisName[];
export const A1111_NAMES = namesOf(({ a1111 }) => a1111 !== undefined) as A1111Name[];
export const PLAIN_NAMES = namesOf(({ within }) => within === undefined) as PlainName[];
export const IMAGE_NAMES = namesOf(({ within }) => within === 'image') as ImageName[];
export const HIRES_NAMES = namesOf(({ within }) => within === 'hires') as HiresName[];

type Defaulted = Having<{ readonly default: unknown }>;
type Initial = Defaulted | Having<{ readonly initial: unknown }>;

/** The defaults of those of these settings that have one. */
export function defaultsOf<Name extends SettingName>(
  names: readonly Name[],
): Pick<SettingValues, Extract<Name, Defaulted>> {
  const values = names.map((name) => [name, settingOf(name).default] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as ReturnType<
    typeof defaultsOf<Name>
  >;
}

/** What a fresh form holds, as far as the table says. */
export function initialValues(): Pick<SettingValues, Initial> {
  const values = SETTING_NAMES.map((name) => {
    const { default: usual, initial = usual } = settingOf(name);
    return [name, initial] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Pick<
    SettingValues,
    Initial
  >;
}
