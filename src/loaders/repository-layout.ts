import * as v from 'valibot';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { LoadedComponent } from '../protocol/generation.ts';
import type { RepoFile } from '../protocol/models.ts';

/**
 * A diffusers repository: one folder per component, named in model_index.json. This file is the only one that knows how
 * the folders and files are called.
 */

/** The file of an ONNX graph, in its component's folder (Optimum). */
export const GRAPH_FILE = 'model.onnx';
/** What a repository holds: its components and their classes. */
export const INDEX_FILE = 'model_index.json';
/** The model’s own sampler. */
export const SCHEDULER_FILE = 'scheduler/scheduler_config.json';

/** What config.json calls the models that estimate depth, which may say nothing else of them, and the files of an export. */
export const DEPTH_MODEL_TYPE = 'depth_anything';
export const DEPTH_FILES = {
  config: 'config.json',
  preprocessor: 'preprocessor_config.json',
  graph: 'onnx/model.onnx',
} as const;

/** The class of the upscalers that are run. */
export const UPSCALER_CLASS = 'Swin2SRForImageSuperResolution';
/** Where an export has its graph: as transformers.js expects it, or as Optimum writes it. */
export const UPSCALER_GRAPHS = ['onnx/model.onnx', 'model.onnx'];

/** The classes of control models: those that are run, and as xinsir calls a Union. */
export const CONTROL_CLASSES = [
  'ControlNetModel',
  'ControlNetUnionModel',
  'ControlNetModel_Union',
  'T2IAdapter',
];

/** The class of the models that find what is at a point of a picture, and where an export has its two graphs. */
export const SEGMENTER_CLASS = 'SamModel';
export const SEGMENTER_GRAPHS = {
  encoder: 'onnx/vision_encoder.onnx',
  decoder: 'onnx/prompt_encoder_mask_decoder.onnx',
} as const;

/**
 * The models that tell what stands before the background, by `model_type`, as transformers.js has them: they have no class in
 * transformers.
 */
const BACKGROUND_MODEL_TYPES = ['u2net', 'isnet', 'birefnet', 'ben'] as const;
/** Where an export has its graph. */
export const BACKGROUND_GRAPH = 'onnx/model.onnx';

/** How a picture is made into what a graph is fed. */
export const PREPROCESSOR_FILE = 'preprocessor_config.json';

/** What a tokenizer's folder may hold. */
export const TOKENIZER_FILES = {
  config: 'tokenizer_config.json',
  tokenizer: 'tokenizer.json',
  vocab: 'vocab.json',
  merges: 'merges.txt',
  specialTokens: 'special_tokens_map.json',
  addedTokens: 'added_tokens.json',
} as const;

/** What model_index.json says. */
export interface ModelIndex {
  /** diffusers' class of the whole pipeline. */
  readonly pipelineClass: string | undefined;
  /** The class of each component, by the component's name; those that are left empty (null) are not listed. */
  readonly classes: Readonly<Record<string, string>>;
  /** StableDiffusionXLPipeline: an empty negative prompt is encoded as zeros. */
  readonly forceZerosForEmptyPrompt: boolean;
  /** StableDiffusionXLImg2ImgPipeline: the denoiser takes an aesthetic score (SDXL Refiner). */
  readonly requiresAestheticsScore: boolean;
}

/** Models that take and give scaled samples in EDM's way (Karras et al. 2022): Playground 2.5, CosXL. */
export const isEdm = (schedulerClass: string) => schedulerClass.startsWith('EDM');

/** Stable Audio's: no sampler of Safelight can stand in for it. */
const WITHOUT_SUBSTITUTE = 'CosineDPMSolverMultistepScheduler';

/**
 * @param isOnnx whether the graph is fixed: those of Optimum take whole timesteps, and EDM's are fractions
 * @throws AppError unsupported-model for a model that no sampler of Safelight suits
 */
export function refuseScheduler({ classes: { scheduler = '' } }: ModelIndex, isOnnx = false): void {
  if (scheduler !== WITHOUT_SUBSTITUTE && !(isOnnx && isEdm(scheduler))) return;
  const details = { kind: 'needs-sampler', component: 'scheduler', found: scheduler } satisfies Fault;
  const message = `scheduler: expected one of Stable Diffusion 1, 2 or SDXL, found ${scheduler}.`;
  throw new AppError('unsupported-model', message, details);
}

const Index = v.looseObject({ _class_name: v.optional(v.string()) });
const Entry = v.tuple([v.nullable(v.string()), v.string()]);

/** Reads what model_index.json says; entries it doesn't understand are left out. */
export function readModelIndex(json: unknown): ModelIndex {
  const parsed = v.safeParse(Index, json);
  const entries: Readonly<Record<string, unknown>> = parsed.success ? parsed.output : {};
  const classes = Object.entries(entries).flatMap(([name, entry]) =>
    v.is(Entry, entry) ? [[name, entry[1]] as const] : [],
  );
  return {
    pipelineClass: parsed.success ? parsed.output._class_name : undefined,
    classes: Object.fromEntries(classes),
    forceZerosForEmptyPrompt: entries.force_zeros_for_empty_prompt !== false,
    requiresAestheticsScore: entries.requires_aesthetics_score === true,
  };
}

/** Whether a component is a text encoder: `text_encoder`, `text_encoder_2` and so on. */
export const isTextEncoder = (component: string) => /^text_encoder(_\d+)?$/.test(component);

/** A model's text encoders, in their order. */
export const textEncodersIn = ({ classes }: Pick<ModelIndex, 'classes'>): string[] =>
  Object.keys(classes).filter(isTextEncoder).sort();

/** The ControlNets and T2I-Adapters of a run, which come beside the model: `controlnet_1` and so on. */
const CONTROL = /^(?:controlnet|t2i_adapter)_(\d+)$/;
/** Whether a component is used between two evaluations of the denoiser: both stay open, even where all else makes room. */
export const isBesideDenoiser = (component: string) => component === 'unet' || CONTROL.test(component);

/** What a component is by its name, and which one of its kind: `text_encoder_2` is the second text encoder. */
export function kindOf(component: string): LoadedComponent {
  if (isTextEncoder(component))
    return { kind: 'textEncoder', number: Number(component.match(/\d+$/)?.[0] ?? 1) };
  const control = CONTROL.exec(component)?.[1];
  if (control !== undefined) return { kind: 'control', number: Number(control) };
  if (component === 'image_encoder' || component === 'image_projection')
    return { kind: 'imageEncoder', number: 1 };
  return { kind: component === 'vae' ? 'vae' : 'denoiser', number: 1 };
}

/** The folder of the tokenizer that goes with a text encoder. */
export const tokenizerFolder = (textEncoder: string) => textEncoder.replace('text_encoder', 'tokenizer');

/** How the file of a component's weights begins: transformers' name for text encoders, diffusers' for all else. */
export const weightStem = (component: string) =>
  isTextEncoder(component) ? 'model' : 'diffusion_pytorch_model';

/** Whether a repository's UNet comes only as an ONNX graph, and not as weights that a graph can be built for. */
export function isOnnxRepository(files: readonly RepoFile[]): boolean {
  return (
    files.some(({ path }) => path === `unet/${GRAPH_FILE}`) &&
    !files.some(({ path }) => /^unet\/.*\.safetensors$/.test(path))
  );
}

const ComponentConfig = v.looseObject({
  _class_name: v.optional(v.string()),
  architectures: v.optional(v.array(v.string())),
});

const ModelType = v.object({ model_type: v.picklist(BACKGROUND_MODEL_TYPES) });

/** Which of the models that remove a background a config.json is of; undefined for all others. */
export function backgroundModelType(config: unknown): (typeof BACKGROUND_MODEL_TYPES)[number] | undefined {
  const parsed = v.safeParse(ModelType, config);
  return parsed.success ? parsed.output.model_type : undefined;
}

/** The class that a config.json names: diffusers' `_class_name`, or transformers' first of `architectures`. */
export function classOfConfig(config: unknown): string | undefined {
  const keys = v.safeParse(ComponentConfig, config);
  return keys.success ? (keys.output._class_name ?? keys.output.architectures?.[0]) : undefined;
}
