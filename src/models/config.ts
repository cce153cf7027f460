import * as v from 'valibot';
import { between, epsilon, factor, LAYERS, VOCABULARY, whole } from '../numerics/bounds.ts';
import {
  absent,
  across,
  className,
  LATENT_CHANNELS,
  layers,
  layersOrNone,
  levels,
  only,
  perChannel,
  unquantized,
  width,
  widths,
} from './config-parts.ts';

/**
 * The config.json of each class, with diffusers' keys and defaults. Keys that make no difference to inference are not
 * listed. A listed key whose value no graph is written for is refused, and the error names it.
 */

/** A number for each layer of a level, or one for all; 0 without transformers. */
const perLayer = v.union([layersOrNone, v.pipe(v.array(layersOrNone), v.maxLength(LAYERS))]);
const activation = v.nullish(v.picklist(['silu', 'swish', 'gelu']));
/** Sides of a kernel that keeps the size. */
const kernel = v.nullish(v.picklist([1, 3, 5, 7]), 3);
const onePer = (count: number, list: number | boolean | readonly unknown[]) =>
  !Array.isArray(list) || list.length === count;

const isEven = (n: number) => n % 2 === 0;
const equal = (widths: readonly number[]) => widths.every((width) => width === widths[0]);

const UNet2DConditionKeys = v.object({
  ...unquantized,
  _class_name: className('UNet2DConditionModel'),
  in_channels: v.optional(width, 4),
  out_channels: v.optional(width, 4),
  block_out_channels: v.optional(widths, [320, 640, 1280, 1280]),
  down_block_types: v.optional(levels(v.picklist(['DownBlock2D', 'CrossAttnDownBlock2D'])), [
    'CrossAttnDownBlock2D',
    'CrossAttnDownBlock2D',
    'CrossAttnDownBlock2D',
    'DownBlock2D',
  ]),
  mid_block_type: v.optional(
    v.nullable(v.picklist(['UNetMidBlock2DCrossAttn', 'UNetMidBlock2D'])),
    'UNetMidBlock2DCrossAttn',
  ),
  up_block_types: v.optional(levels(v.picklist(['UpBlock2D', 'CrossAttnUpBlock2D'])), [
    'UpBlock2D',
    'CrossAttnUpBlock2D',
    'CrossAttnUpBlock2D',
    'CrossAttnUpBlock2D',
  ]),
  layers_per_block: v.optional(v.union([layers, levels(layers)]), 2),
  transformer_layers_per_block: v.optional(v.union([layers, levels(perLayer)]), 1),
  /** Of the up blocks, in their order; by default those of the down blocks, from the last to the first. */
  reverse_transformer_layers_per_block: v.nullish(levels(perLayer)),
  /** The number of heads, whatever its name says (diffusers issue 2011). */
  attention_head_dim: v.optional(v.union([width, widths]), 8),
  num_attention_heads: v.optional(v.nullable(v.union([width, widths]))),
  /** The text's width where it is attended to; a list repeats it for each level. */
  cross_attention_dim: v.optional(
    v.pipe(
      v.union([width, widths]),
      v.check((width: number | number[]) => typeof width === 'number' || equal(width), 'equal widths'),
      v.transform((width) => perLevel(width, 0)),
    ),
    1280,
  ),
  use_linear_projection: v.optional(v.boolean(), false),
  norm_num_groups: v.optional(width, 32),
  norm_eps: v.optional(epsilon, 1e-5),
  flip_sin_to_cos: v.optional(v.boolean(), true),
  freq_shift: v.optional(between(0, 1), 0),
  act_fn: only('silu', 'swish'),
  center_input_sample: v.nullish(v.boolean()),
  dual_cross_attention: absent,
  /** What is added to the time embedding: the text's pooled states; in SDXL the pooled text and the image's sizes. */
  addition_embed_type: v.nullish(v.picklist(['text', 'text_time'])),
  addition_embed_type_num_heads: v.optional(width, 64),
  addition_time_embed_dim: v.nullish(width),
  projection_class_embeddings_input_dim: v.nullish(width),
  /** Of model_index.json: `time_ids` end in an aesthetic score instead of the picture's size (SDXL Refiner). */
  requires_aesthetics_score: v.optional(v.boolean(), false),
  /** LCM: the width of the embedded guidance scale. */
  time_cond_proj_dim: v.nullish(width),
  upcast_attention: v.nullish(v.boolean()),
  class_embed_type: absent,
  num_class_embeds: absent,
  /** The text's width where a linear layer brings it to cross_attention_dim. */
  encoder_hid_dim: v.nullish(width),
  encoder_hid_dim_type: only('text_proj'),
  resnet_time_scale_shift: v.nullish(v.picklist(['default', 'scale_shift'])),
  time_embedding_type: only('positional'),
  time_embedding_dim: v.nullish(width),
  time_embedding_act_fn: activation,
  timestep_post_act: activation,
  attention_type: only('default'),
  conv_in_kernel: kernel,
  conv_out_kernel: kernel,
  /** Both attentions of a transformer block are to the text; not in the mid block. */
  only_cross_attention: v.nullish(v.union([v.boolean(), levels(v.boolean())]), false),
  /** 0 pads at the bottom and right only. */
  downsample_padding: v.nullish(v.picklist([0, 1]), 1),
  /** Results of the mid block's ResNets are divided by it. */
  mid_block_scale_factor: v.nullish(factor, 1),
});
type UNet2DConditionKeys = v.InferOutput<typeof UNet2DConditionKeys>;

/** How many numbers `time_ids` are: the last ones are the target size, or an aesthetic score. */
export const timeIdCount = (config: Pick<UNet2DConditionKeys, 'requires_aesthetics_score'>): number =>
  config.requires_aesthetics_score ? 5 : 6;

/** With addition_embed_type "text_time", the width of the pooled text: what the embedded numbers of `time_ids` leave. */
export function pooledWidth(
  config: Pick<
    UNet2DConditionKeys,
    'addition_time_embed_dim' | 'projection_class_embeddings_input_dim' | 'requires_aesthetics_score'
  >,
): number {
  const { projection_class_embeddings_input_dim: all, addition_time_embed_dim: one } = config;
  return (all ?? 0) - timeIdCount(config) * (one ?? 0);
}

const headsFit = ({ block_out_channels, ...config }: UNet2DConditionKeys) =>
  block_out_channels.every(
    (width, i) => width % perLevel(config.num_attention_heads ?? config.attention_head_dim, i) === 0,
  );

/** The width of the text encoders' states that a UNet takes. */
export function textWidth(
  config: Pick<UNet2DConditionKeys, 'encoder_hid_dim' | 'cross_attention_dim'>,
): number {
  return config.encoder_hid_dim ?? config.cross_attention_dim;
}

/** Whether each list within a list has a number for every layer: one more in an up block than in a down block. */
function layersFit({ transformer_layers_per_block: down, ...config }: UNet2DConditionKeys): boolean {
  const long = (list: typeof down, layers: (i: number) => number) =>
    typeof list === 'number' || list.every((n, i) => typeof n === 'number' || n.length >= layers(i));
  const levels = config.block_out_channels.length;
  return (
    long(down, (i) => perLevel(config.layers_per_block, i)) &&
    long(config.reverse_transformer_layers_per_block ?? [], (i) => {
      return 1 + perLevel(config.layers_per_block, levels - 1 - i);
    })
  );
}

/** UNet2DConditionModel's config.json. */
export const UNet2DConditionConfig = v.pipe(
  UNet2DConditionKeys,
  across('block_out_channels', 'one width for each of down_block_types', (c) =>
    onePer(c.down_block_types.length, c.block_out_channels),
  ),
  across('up_block_types', 'as many as down_block_types', (c) =>
    onePer(c.down_block_types.length, c.up_block_types),
  ),
  across('layers_per_block', 'one number, or one for each level', (c) =>
    onePer(c.down_block_types.length, c.layers_per_block),
  ),
  across('only_cross_attention', 'one choice, or one for each level', (c) =>
    onePer(c.down_block_types.length, c.only_cross_attention),
  ),
  across('transformer_layers_per_block', 'one number, or one for each level', (c) =>
    onePer(c.down_block_types.length, c.transformer_layers_per_block),
  ),
  across('transformer_layers_per_block', 'a number for each layer of a level', layersFit),
  across(
    'reverse_transformer_layers_per_block',
    'one for each up block, where transformer_layers_per_block holds lists',
    ({ transformer_layers_per_block: down, reverse_transformer_layers_per_block: up, ...c }) =>
      up ? up.length === c.up_block_types.length : typeof down === 'number' || !down.some(Array.isArray),
  ),
  across('attention_head_dim', 'one number, or one for each level', (c) =>
    onePer(c.down_block_types.length, c.attention_head_dim),
  ),
  across('attention_head_dim', 'numbers of heads that divide block_out_channels', headsFit),
  across('norm_num_groups', 'a divisor of every one of block_out_channels', (c) =>
    c.block_out_channels.every((width) => width % c.norm_num_groups === 0),
  ),
  // Sines and cosines of the timestep, and of the picture's sizes, are half of an embedding each.
  across('block_out_channels', 'an even width first', (c) => isEven(c.block_out_channels[0] ?? 0)),
  across('addition_time_embed_dim', 'an even number', (c) =>
    isEven(c.addition_time_embed_dim ?? (c.addition_embed_type === 'text_time' ? Number.NaN : 0)),
  ),
  across('projection_class_embeddings_input_dim', 'more than what time_ids take', (c) =>
    c.addition_embed_type === 'text_time' ? pooledWidth(c) > 0 : true,
  ),
  across('addition_embed_type_num_heads', 'a divisor of the text’s width', (c) =>
    c.addition_embed_type === 'text' ? textWidth(c) % c.addition_embed_type_num_heads === 0 : true,
  ),
);
export type UNet2DConditionConfig = v.InferOutput<typeof UNet2DConditionConfig>;

const AutoencoderKLKeys = v.object({
  ...unquantized,
  _class_name: className('AutoencoderKL'),
  in_channels: v.optional(width, 3),
  out_channels: v.optional(width, 3),
  block_out_channels: v.optional(widths, [64]),
  down_block_types: v.optional(levels(v.picklist(['DownEncoderBlock2D'])), ['DownEncoderBlock2D']),
  up_block_types: v.optional(levels(v.picklist(['UpDecoderBlock2D'])), ['UpDecoderBlock2D']),
  layers_per_block: v.optional(layers, 1),
  latent_channels: v.optional(whole(1, LATENT_CHANNELS), 4),
  norm_num_groups: v.optional(width, 32),
  scaling_factor: v.optional(factor, 0.18215),
  use_quant_conv: v.optional(v.boolean(), true),
  use_post_quant_conv: v.optional(v.boolean(), true),
  mid_block_add_attention: v.optional(v.boolean(), true),
  /** SDXL's decoder leaves the range of float16. */
  force_upcast: v.optional(v.boolean(), true),
  /** One number for each channel of the latents; SDXL's pipelines alone read them, and only both together. */
  latents_mean: v.nullish(perChannel(between(-1e6, 1e6))),
  latents_std: v.nullish(perChannel(factor)),
  act_fn: only('silu'),
});
/** AutoencoderKL's config.json. */
export const AutoencoderKLConfig = v.pipe(
  AutoencoderKLKeys,
  across('latents_mean', 'one for each of latent_channels', (c) =>
    onePer(c.latent_channels, c.latents_mean ?? 0),
  ),
  across('latents_std', 'one for each of latent_channels', (c) =>
    onePer(c.latent_channels, c.latents_std ?? 0),
  ),
  across('down_block_types', 'one for each of block_out_channels', (c) =>
    onePer(c.block_out_channels.length, c.down_block_types),
  ),
  across('up_block_types', 'one for each of block_out_channels', (c) =>
    onePer(c.block_out_channels.length, c.up_block_types),
  ),
  across('norm_num_groups', 'a divisor of every one of block_out_channels', (c) =>
    c.block_out_channels.every((width) => width % c.norm_num_groups === 0),
  ),
);
export type AutoencoderKLConfig = v.InferOutput<typeof AutoencoderKLConfig>;

const AutoencoderTinyKeys = v.object({
  ...unquantized,
  _class_name: className('AutoencoderTiny'),
  in_channels: v.optional(width, 3),
  out_channels: v.optional(width, 3),
  encoder_block_out_channels: v.optional(widths, [64, 64, 64, 64]),
  decoder_block_out_channels: v.optional(widths, [64, 64, 64, 64]),
  num_encoder_blocks: v.optional(levels(layersOrNone), [1, 3, 3, 3]),
  num_decoder_blocks: v.optional(levels(layersOrNone), [3, 3, 3, 1]),
  latent_channels: v.optional(whole(1, LATENT_CHANNELS), 4),
  scaling_factor: v.optional(factor, 1),
  act_fn: only('relu'),
  upsample_fn: only('nearest'),
  upsampling_scaling_factor: only(2),
});
// The convolutions between its levels keep the width (vae.py, EncoderTiny and DecoderTiny), so only equal widths work.
/** AutoencoderTiny's config.json. */
export const AutoencoderTinyConfig = v.pipe(
  AutoencoderTinyKeys,
  across('encoder_block_out_channels', 'equal widths', (c) => equal(c.encoder_block_out_channels)),
  across('decoder_block_out_channels', 'equal widths', (c) => equal(c.decoder_block_out_channels)),
  across('num_encoder_blocks', 'one for each of encoder_block_out_channels', (c) =>
    onePer(c.encoder_block_out_channels.length, c.num_encoder_blocks),
  ),
  across('num_decoder_blocks', 'one for each of decoder_block_out_channels', (c) =>
    onePer(c.decoder_block_out_channels.length, c.num_decoder_blocks),
  ),
);
export type AutoencoderTinyConfig = v.InferOutput<typeof AutoencoderTinyConfig>;

const CLIPTextKeys = v.object({
  ...unquantized,
  vocab_size: v.optional(whole(1, VOCABULARY), 49408),
  hidden_size: v.optional(width, 512),
  intermediate_size: v.optional(width, 2048),
  num_hidden_layers: v.optional(layers, 12),
  num_attention_heads: v.optional(width, 8),
  max_position_embeddings: v.optional(width, 77),
  hidden_act: v.optional(v.picklist(['quick_gelu', 'gelu']), 'quick_gelu'),
  layer_norm_eps: v.optional(epsilon, 1e-5),
  projection_dim: v.optional(width, 512),
  eos_token_id: v.optional(whole(0, VOCABULARY), 49407),
});
/** The config.json of CLIPTextModel and CLIPTextModelWithProjection. */
export const CLIPTextConfig = v.pipe(
  CLIPTextKeys,
  across(
    'num_attention_heads',
    'a divisor of hidden_size',
    (c) => c.hidden_size % c.num_attention_heads === 0,
  ),
);
export type CLIPTextConfig = v.InferOutput<typeof CLIPTextConfig>;

/** The value at a level of a key that is one number for all levels, or one for each. */
export function perLevel(value: number | readonly number[], level: number): number {
  return typeof value === 'number' ? value : (value[level] as number);
}
