import type { StoredTensor, Tensors } from '../../checkpoint/weights.ts';
import { AppError, type Fault, missingComponent, unsupportedModel } from '../../protocol/errors.ts';
import type { Prediction } from '../../protocol/models.ts';
import { INDEX_FILE, SCHEDULER_FILE } from '../repository-layout.ts';
import { isRenamedSd2, withOriginalPrefixes } from './original-prefixes.ts';
import { changed } from './single-file-changes.ts';
import {
  type Config,
  SCHEDULERS,
  type SingleFileParts,
  sampleSize,
  textConfig,
  tokenizerConfig,
  unetConfig,
  vaeConfig,
  ZERO_TERMINAL_SNR,
} from './single-file-configs.ts';
import { EDM_MARK, type EdmConfigs, readEdm } from './single-file-edm.ts';
import {
  clipKeys,
  isXl,
  type KeyMap,
  openClipKeys,
  type SingleFileKind,
  unetKeys,
  vaeKeys,
} from './single-file-keys.ts';

/** A checkpoint in one file, as the diffusers repository it could be. */
export interface SingleFile {
  readonly kind: SingleFileKind;
  readonly inpainting: boolean;
  /** What it was trained to predict; undefined when the file doesn't say. */
  readonly prediction: Prediction | undefined;
  /** diffusers' configurations, by their paths in a repository: `unet/config.json`, `model_index.json` and so on. */
  configs(prediction: Prediction): Readonly<Record<string, unknown>>;
  /** Tensors by diffusers' names, for each component: `unet`, `vae`, `text_encoder`, `text_encoder_2`. */
  readonly components: Readonly<Record<string, Tensors>>;
}

const UNET = 'model.diffusion_model.';
const VAES = ['first_stage_model.', 'vae.'];
const TEXT: readonly (readonly [kind: SingleFileKind, prefix: string])[] = [
  ['sdxl', 'conditioner.embedders.1.model.'],
  ['sdxl', 'conditioner.embedders.1.transformer.'],
  ['sdxl-refiner', 'conditioner.embedders.0.model.'],
  ['sd2', 'cond_stage_model.model.'],
  ['sd1', 'cond_stage_model.transformer.'],
];
const INSIDE = /^(model\.diffusion_model|first_stage_model|vae|cond_stage_model|conditioner)\./;

/**
 * Keys that no model reads: buffers, the projection of OpenAI's CLIP, which ComfyUI writes without `transformer`, and what the
 * VAE's training left behind.
 */
const IGNORED =
  /\.(position_ids|logit_scale)$|^(cond_stage_model|conditioner\.embedders\.0)\.(transformer\.)?text_projection(\.weight)?$|^[^.]+\.(loss|model_ema)\./;

type OtherKind =
  | { readonly component: 'lora' | 'unet' | 'vae' | 'text_encoder' }
  | { readonly found: string };

/** Other kinds of files, each known by a key that only it has: a component by itself, or another kind of model. */
const OTHERS: readonly (readonly [mark: RegExp, kind: OtherKind])[] = [
  [/\blora_|\.lora\.|_lora\.|\.(hada|lokr)_/, { component: 'lora' }],
  [/(^|\.)joint_blocks\.0\./, { found: 'Stable Diffusion 3' }],
  [/(^|\.)double_blocks\.0\./, { found: 'Flux / Chroma' }],
  [/^(unet\.)?down_blocks\.0\./, { component: 'unet' }],
  [/^(diffusion_model\.)?input_blocks\.0\./, { component: 'unet' }],
  [/^decoder\.(mid|mid_block|up_blocks)\./, { component: 'vae' }],
  [/^(text_model\.encoder|transformer\.(text_model|resblocks))\./, { component: 'text_encoder' }],
  // By transformers' names and llama.cpp's.
  [/^(encoder\.block|enc\.blk)\./, { found: 'T5' }],
];

/**
 * Reads a checkpoint in the layout of CompVis and Stability AI, which AUTOMATIC1111, ComfyUI, kohya and Civitai use too
 * (diffusers loaders/single_file_utils.py): Stable Diffusion 1, 2, SDXL or SDXL Refiner, or with nine channels for
 * inpainting. Tensors stay where they are in the file, except for one matrix that has to be transposed.
 * @throws AppError unsupported-model, with what is missing, what was found instead, or the key that doesn't belong
 */
export async function readSingleFile(path: string, stored: Tensors): Promise<SingleFile> {
  const tensors = withOriginalPrefixes(stored);
  const kind = kindOf(path, tensors);
  const parts = partsOf(kind, tensors);
  const stray = [...tensors.keys()].find(
    (key) =>
      (INSIDE.test(key) && !IGNORED.test(key) && !parts.some(({ prefix }) => key.startsWith(prefix))) ||
      (kind !== 'sdxl' && EDM_MARK.test(key)),
  );
  if (stray !== undefined) throw unknownKey(path, stray);
  const edm = await readEdm(path, tensors);

  const components: Record<string, Tensors> = {};
  for (const part of parts) components[part.component] = renamed(path, part);
  const file = { path, kind, tensors: components };
  const unet = unetConfig(file);
  const inpainting = isInpainting(unet);
  const fixed = fixedConfigs(file, inpainting, edm);
  const zeroSnr = kind === 'sdxl' && tensors.has('ztsnr');
  return {
    kind,
    inpainting,
    // ComfyUI marks such models with two empty tensors (supported_models.py, SDXL.model_type).
    prediction: edm?.prediction ?? (kind === 'sdxl' && tensors.has('v_pred') ? 'v_prediction' : undefined),
    configs: (prediction) => ({
      ...fixed,
      'unet/config.json': { ...unet, sample_size: sampleSize(kind, prediction) },
      [SCHEDULER_FILE]: edm?.scheduler ?? {
        ...SCHEDULERS[kind],
        prediction_type: prediction,
        ...(zeroSnr && ZERO_TERMINAL_SNR),
      },
    }),
    components,
  };
}

/** The families differ in the layout of their text encoders. */
function kindOf(path: string, tensors: Tensors): SingleFileKind {
  const keys = [...tensors.keys()];
  const other = OTHERS.find(([mark]) => keys.some((key) => mark.test(key)));
  if (other) throw otherKind(path, other[1]);
  const kind = isRenamedSd2(tensors) ? 'sd2' : TEXT.find(([, prefix]) => hasAny(tensors, prefix))?.[0];
  if (!hasAny(tensors, UNET)) throw missingComponent(path, 'unet');
  if (!VAES.some((prefix) => hasAny(tensors, prefix))) throw missingComponent(path, 'vae');
  if (!kind) throw missingComponent(path, 'text_encoder');
  return kind;
}

function otherKind(file: string, other: OtherKind): AppError {
  const details =
    'found' in other
      ? ({ kind: 'not-stable-diffusion', file, ...other } satisfies Fault)
      : ({ kind: 'lone-component', file, ...other } satisfies Fault);
  const found = 'found' in other ? other.found : `only ${other.component}`;
  const message = `${file}: expected a checkpoint of Stable Diffusion 1, 2 or SDXL, found ${found}.`;
  return new AppError('unsupported-model', message, details);
}

/** A component as it is in the file. */
export interface SourceComponent {
  readonly component: string;
  readonly prefix: string;
  /** By their keys without the prefix. */
  readonly tensors: Tensors;
  readonly keys: KeyMap;
}

function partsOf(kind: SingleFileKind, tensors: Tensors): SourceComponent[] {
  const part = (
    component: string,
    prefix: string,
    keysOf: (inside: Tensors, kind: SingleFileKind) => KeyMap,
  ) => {
    const inside = new Map(
      [...tensors].flatMap(([key, tensor]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), tensor] as const] : [],
      ),
    );
    return { component, prefix, tensors: inside, keys: keysOf(inside, kind) };
  };
  const vae = VAES.find((prefix) => hasAny(tensors, prefix)) as string;
  const shared = [part('unet', UNET, unetKeys), part('vae', vae, vaeKeys)];
  if (kind === 'sdxl-refiner')
    return [...shared, part('text_encoder_2', 'conditioner.embedders.0.', openClipKeys)];
  if (kind !== 'sdxl')
    return [...shared, part('text_encoder', 'cond_stage_model.', kind === 'sd1' ? clipKeys : openClipKeys)];
  return [
    ...shared,
    part('text_encoder', 'conditioner.embedders.0.', clipKeys),
    part('text_encoder_2', 'conditioner.embedders.1.', openClipKeys),
  ];
}

/** The same tensors by diffusers' names. @throws AppError unsupported-model for a key that no table has, or that is there twice */
export function renamed(path: string, { component, prefix, tensors, keys }: SourceComponent): Tensors {
  const result = new Map<string, StoredTensor>();
  for (const [key, tensor] of tensors) {
    const target = keys.get(key);
    if (target === undefined && !IGNORED.test(prefix + key)) throw unknownKey(path, prefix + key);
    if (!target) continue;
    const location = `${path}/${component}/${target.name}`;
    for (const [name, stored] of changed(target, tensor, location)) {
      if (result.has(name)) throw unsupportedModel('double-part', component, name, `${prefix}${key}`);
      result.set(name, stored);
    }
  }
  return result;
}

/** Nine channels are the latents, the masked picture's latents, and the mask. */
function isInpainting({ in_channels, out_channels }: Config): boolean {
  const plain = out_channels as number;
  if (in_channels === plain) return false;
  if (in_channels === 2 * plain + 1) return true;
  const expected = `in_channels ${plain} / ${2 * plain + 1}`;
  throw unsupportedModel('other-part', 'unet', expected, `in_channels ${in_channels}`);
}

function fixedConfigs(
  file: SingleFileParts,
  inpainting: boolean,
  edm: EdmConfigs | undefined,
): Record<string, Config> {
  const isRefiner = file.kind === 'sdxl-refiner';
  const task = isRefiner ? 'Img2Img' : inpainting ? 'Inpaint' : '';
  return {
    [INDEX_FILE]: {
      _class_name: `StableDiffusion${isXl(file.kind) ? 'XL' : ''}${task}Pipeline`,
      scheduler: ['diffusers', (edm?.scheduler ?? SCHEDULERS[file.kind])._class_name],
      unet: ['diffusers', 'UNet2DConditionModel'],
      vae: ['diffusers', 'AutoencoderKL'],
      ...(!isRefiner && {
        text_encoder: ['transformers', 'CLIPTextModel'],
        tokenizer: ['transformers', 'CLIPTokenizer'],
      }),
      ...(isXl(file.kind) && {
        text_encoder_2: ['transformers', 'CLIPTextModelWithProjection'],
        tokenizer_2: ['transformers', 'CLIPTokenizer'],
        force_zeros_for_empty_prompt: !isRefiner,
      }),
      ...(isRefiner && { requires_aesthetics_score: true }),
    },
    'vae/config.json': { ...vaeConfig(file), ...edm?.vae },
    ...(!isRefiner && {
      'text_encoder/config.json': textConfig(file, 'text_encoder'),
      'tokenizer/tokenizer_config.json': tokenizerConfig(file, 'text_encoder'),
    }),
    ...(isXl(file.kind) && {
      'text_encoder_2/config.json': textConfig(file, 'text_encoder_2'),
      'tokenizer_2/tokenizer_config.json': tokenizerConfig(file, 'text_encoder_2'),
    }),
  };
}

const hasAny = (tensors: Tensors, prefix: string) =>
  [...tensors.keys()].some((key) => key.startsWith(prefix));

const unknownKey = (path: string, key: string) =>
  unsupportedModel('unknown-part', path, 'only tensors of a known model', key);
