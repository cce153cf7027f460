import type { Tensors } from '../../checkpoint/weights.ts';
import { unsupportedModel } from '../../protocol/errors.ts';
import type { Prediction } from '../../protocol/models.ts';
import { SCALING_FACTOR } from '../latent-spaces.ts';
import { count, isXl, type SingleFileKind } from './single-file-keys.ts';

/**
 * diffusers' configurations, found from the tensors. What no tensor tells is the same for the whole kind, and is in the
 * tables at the end. Functions that read a tensor's shape throw AppError unsupported-model when the tensor is missing.
 */

/** A file's tensors by diffusers' names, for each component; `path` is the file's name in errors. */
export interface SingleFileParts {
  readonly path: string;
  readonly kind: SingleFileKind;
  readonly tensors: Readonly<Record<string, Tensors>>;
}

/** A config.json as diffusers would have written it. */
export type Config = Readonly<Record<string, unknown>>;

const GROUPS = 32;
const GUIDANCE = 'time_embedding.cond_proj.weight';
const HEAD = 64;
/** The numbers beside the pooled text: sizes, and with the refiner a score. */
const TIME_IDS = { base: 6, refiner: 5 };
/** How many numbers each of them becomes, in every SDXL that is published. */
const SDXL_TIME_WIDTH = 256;

/** UNet2DConditionModel's config.json, without the keys that depend on what the model predicts. */
export function unetConfig(file: SingleFileParts): Config {
  const unet = file.tensors.unet as Tensors;
  const size = sizes(file, 'unet');
  const levels = range(count(unet, /^down_blocks\.(\d+)\./));
  const widths = levels.map((level) => size(`down_blocks.${level}.resnets.0.conv2.weight`, 0));
  const attends = (block: string) => has(unet, `${block}.attentions.`);
  return {
    _class_name: 'UNet2DConditionModel',
    in_channels: size('conv_in.weight', 1),
    out_channels: size('conv_out.weight', 0),
    block_out_channels: widths,
    layers_per_block: count(unet, /^down_blocks\.0\.resnets\.(\d+)\./),
    down_block_types: levels.map((i) =>
      attends(`down_blocks.${i}`) ? 'CrossAttnDownBlock2D' : 'DownBlock2D',
    ),
    mid_block_type: attends('mid_block')
      ? 'UNetMidBlock2DCrossAttn'
      : has(unet, 'mid_block.')
        ? 'UNetMidBlock2D'
        : null,
    up_block_types: levels.map((i) => (attends(`up_blocks.${i}`) ? 'CrossAttnUpBlock2D' : 'UpBlock2D')),
    ...transformerLayers(file, levels.length),
    cross_attention_dim: crossAttentionDim(file),
    attention_head_dim: file.kind === 'sd1' ? SD1_HEADS : widths.map((width) => width / HEAD),
    use_linear_projection: [...unet].some(
      ([name, { shape }]) => name.endsWith('.proj_in.weight') && shape.length === 2,
    ),
    norm_num_groups: GROUPS,
    // LCM's, which diffusers writes by its own names alone.
    ...(unet.has(GUIDANCE) && { time_cond_proj_dim: size(GUIDANCE, 1) }),
    ...(file.kind === 'sd2' && { upcast_attention: true }),
    ...(isXl(file.kind) && textTime(file)),
  };
}

/** SDXL's keys: its embedding takes the pooled text and some embedded numbers, side by side. A UNet alone does not tell how many. */
function textTime(file: SingleFileParts): Config {
  const width = sizes(file, 'unet')('add_embedding.linear_1.weight', 1);
  if (!file.tensors.text_encoder_2)
    return {
      addition_embed_type: 'text_time',
      addition_time_embed_dim: SDXL_TIME_WIDTH,
      projection_class_embeddings_input_dim: width,
    };
  const pooled = sizes(file, 'text_encoder_2')('text_projection.weight', 0);
  const numbers = file.kind === 'sdxl' ? TIME_IDS.base : TIME_IDS.refiner;
  return {
    addition_embed_type: 'text_time',
    addition_time_embed_dim: (width - pooled) / numbers,
    projection_class_embeddings_input_dim: width,
  };
}

/**
 * The number of transformer blocks at each level, 1 where there are none. Where it differs within a level, as in distilled
 * models like SSD-1B, it is a list of each block's layers.
 * @throws AppError unsupported-model when the mid block differs from the last level's first layer
 */
function transformerLayers(file: SingleFileParts, levels: number): Config {
  const unet = file.tensors.unet as Tensors;
  const layersOf = (block: string) => {
    const layers = range(count(unet, new RegExp(`^${block}\\.attentions\\.(\\d+)\\.`)));
    const blocks = (layer: number) =>
      count(unet, new RegExp(`^${block}\\.attentions\\.${layer}\\.transformer_blocks\\.(\\d+)\\.`));
    return layers.map(blocks);
  };
  const down = range(levels).map((level) => layersOf(`down_blocks.${level}`));
  const up = range(levels).map((i) => layersOf(`up_blocks.${i}`));
  const [mid = null] = layersOf('mid_block');
  const all = down.map((layers, level) => [
    ...layers,
    ...(up[levels - 1 - level] as number[]),
    ...(level === levels - 1 && mid !== null ? [mid] : []),
  ]);
  if (all.every((layers) => layers.every((n) => n === layers[0])))
    return { transformer_layers_per_block: all.map(([n = 1]) => n) };
  const last = down.at(-1)?.[0] ?? mid;
  if (mid !== null && mid !== last) {
    const blocks = (count: number | null | undefined) =>
      `mid_block.attentions.0.transformer_blocks × ${count}`;
    throw unsupportedModel('other-part', 'unet', blocks(last), blocks(mid));
  }
  // A level without attention has no number of its own; the last one's is the mid block's.
  const listed = (blocks: number[][]) => blocks.map((layers) => (layers.length > 0 ? layers : 1));
  return {
    transformer_layers_per_block: listed([
      ...down.slice(0, -1),
      [last ?? 1, ...(down.at(-1) ?? []).slice(1)],
    ]),
    reverse_transformer_layers_per_block: listed(up),
  };
}

/** @throws AppError unsupported-model when text encoders are there, and do not fit the UNet */
function crossAttentionDim(file: SingleFileParts): number {
  const name = [...(file.tensors.unet as Tensors).keys()].find((key) => key.endsWith('.attn2.to_k.weight'));
  const width = sizes(file, 'unet')(name ?? 'attn2.to_k.weight', 1);
  const encoders = ['text_encoder', 'text_encoder_2'].filter((component) => component in file.tensors);
  const states = encoders.map((encoder) => sizes(file, encoder)('text_model.final_layer_norm.weight', 0));
  const sum = states.reduce((a, b) => a + b, 0);
  if (encoders.length > 0 && sum !== width)
    throw unsupportedModel(
      'other-part',
      'text_encoder',
      `hidden_size ${width}`,
      `hidden_size ${states.join(' + ')}`,
    );
  return width;
}

/** AutoencoderKL's config.json. */
export function vaeConfig(file: SingleFileParts): Config {
  const vae = file.tensors.vae as Tensors;
  const size = sizes(file, 'vae');
  const levels = range(count(vae, /^encoder\.down_blocks\.(\d+)\./));
  return {
    _class_name: 'AutoencoderKL',
    in_channels: size('encoder.conv_in.weight', 1),
    out_channels: size('decoder.conv_out.weight', 0),
    latent_channels: size('decoder.conv_in.weight', 1),
    block_out_channels: levels.map((level) => size(`encoder.down_blocks.${level}.resnets.0.conv2.weight`, 0)),
    layers_per_block: count(vae, /^encoder\.down_blocks\.0\.resnets\.(\d+)\./),
    down_block_types: levels.map(() => 'DownEncoderBlock2D'),
    up_block_types: levels.map(() => 'UpDecoderBlock2D'),
    mid_block_add_attention: has(vae, 'decoder.mid_block.attentions.'),
    use_quant_conv: has(vae, 'quant_conv.'),
    use_post_quant_conv: has(vae, 'post_quant_conv.'),
    norm_num_groups: GROUPS,
    scaling_factor: SCALING_FACTOR[isXl(file.kind) ? 'sdxl' : 'sd1'],
    force_upcast: true,
  };
}

/** CLIPTextModel's or CLIPTextModelWithProjection's config.json. */
export function textConfig(file: SingleFileParts, component: 'text_encoder' | 'text_encoder_2'): Config {
  const tensors = file.tensors[component] as Tensors;
  const size = sizes(file, component);
  const isOpenClip = isFromOpenClip(file.kind, component);
  const vocabulary = size('text_model.embeddings.token_embedding.weight', 0);
  const width = size('text_model.embeddings.token_embedding.weight', 1);
  const isProjected = tensors.has('text_projection.weight');
  return {
    architectures: [isProjected ? 'CLIPTextModelWithProjection' : 'CLIPTextModel'],
    model_type: 'clip_text_model',
    vocab_size: vocabulary,
    hidden_size: width,
    intermediate_size: size('text_model.encoder.layers.0.mlp.fc1.weight', 0),
    num_hidden_layers: count(tensors, /^text_model\.encoder\.layers\.(\d+)\./),
    num_attention_heads: width / HEAD,
    max_position_embeddings: size('text_model.embeddings.position_embedding.weight', 0),
    hidden_act: isOpenClip ? 'gelu' : 'quick_gelu',
    layer_norm_eps: 1e-5,
    projection_dim: isProjected ? size('text_projection.weight', 0) : width,
    bos_token_id: vocabulary - 2,
    eos_token_id: vocabulary - 1,
    pad_token_id: isOpenClip ? 0 : vocabulary - 1,
  };
}

/**
 * CLIP's tokenizer_config.json, as the kind's own repository has it: OpenCLIP pads with the first token of the vocabulary,
 * and only Stable Diffusion 2 knows the end token in capitals too.
 */
export function tokenizerConfig(file: SingleFileParts, component: 'text_encoder' | 'text_encoder_2'): Config {
  const token = (content: string, normalized: boolean) => ({ __type: 'AddedToken', content, normalized });
  const end = token('<|endoftext|>', file.kind === 'sd2');
  return {
    tokenizer_class: 'CLIPTokenizer',
    model_max_length: sizes(file, component)('text_model.embeddings.position_embedding.weight', 0),
    bos_token: token('<|startoftext|>', true),
    eos_token: end,
    unk_token: end,
    pad_token: isFromOpenClip(file.kind, component) ? '!' : end.content,
    add_prefix_space: false,
    do_lower_case: true,
    errors: 'replace',
  };
}

const isFromOpenClip = (kind: SingleFileKind, component: string) =>
  kind === 'sd2' || component === 'text_encoder_2';

const has = (tensors: Tensors, prefix: string) => [...tensors.keys()].some((name) => name.startsWith(prefix));
const range = (length: number) => Array.from({ length }, (_, i) => i);

/** Returns the length of an axis of a component's tensors. */
function sizes(file: SingleFileParts, component: string): (name: string, axis: number) => number {
  return (name, axis) => {
    const size = file.tensors[component]?.get(name)?.shape[axis];
    if (size === undefined) throw unsupportedModel('missing-part', component, name, 'no such tensor');
    return size;
  };
}

const SD1_HEADS = 8;

/** The side of the pictures the model was trained on, in latent pixels: 512, 768 or 1024 pixels. */
export function sampleSize(kind: SingleFileKind, prediction: Prediction): number {
  if (isXl(kind)) return 128;
  return kind === 'sd2' && prediction === 'v_prediction' ? 96 : 64;
}

const TRAINING = {
  num_train_timesteps: 1000,
  beta_start: 0.00085,
  beta_end: 0.012,
  beta_schedule: 'scaled_linear',
  timestep_spacing: 'leading',
  steps_offset: 1,
  // Every kind's own repository has this; it counts when DDIM is chosen.
  clip_sample: false,
};

/** The scheduler_config.json of each kind's own repository. */
export const SCHEDULERS = {
  sd1: { _class_name: 'PNDMScheduler', ...TRAINING, set_alpha_to_one: false, skip_prk_steps: true },
  sd2: { _class_name: 'DDIMScheduler', ...TRAINING, set_alpha_to_one: false },
  sdxl: { _class_name: 'EulerDiscreteScheduler', ...TRAINING },
  'sdxl-refiner': { _class_name: 'EulerDiscreteScheduler', ...TRAINING },
} as const satisfies Record<SingleFileKind, Config>;

/**
 * Playground 2.5's, in diffusers' single_file_utils.py, and CosXL's, which has its levels in the file: sigma_data as in
 * ComfyUI's SDXL.model_type, the schedule as EDMEulerScheduler names it for CosXL.
 */
export const EDM_SCHEDULERS = {
  playground: {
    ...{
      _class_name: 'EDMDPMSolverMultistepScheduler',
      prediction_type: 'epsilon',
      sigma_schedule: 'karras',
    },
    ...{ sigma_min: 0.002, sigma_max: 80, sigma_data: 0.5, rho: 7, solver_order: 2 },
  },
  cosxl: {
    ...{ _class_name: 'EDMEulerScheduler', prediction_type: 'v_prediction', sigma_schedule: 'exponential' },
    ...{ sigma_min: 0.002, sigma_max: 120, sigma_data: 1 },
  },
} as const;

/** For models whose training ended in pure noise (Lin et al. 2023). */
export const ZERO_TERMINAL_SNR = { rescale_betas_zero_snr: true, timestep_spacing: 'trailing' } as const;
