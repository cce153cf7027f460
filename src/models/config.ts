import * as v from 'valibot';

/**
 * The config.json of each class, with diffusers' keys and defaults. Keys that make no difference to inference are not
 * listed. A listed key whose value no graph is written for is refused, and the error names it.
 */

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const countOrNone = v.pipe(v.number(), v.integer(), v.minValue(0));
const channels = v.pipe(v.array(count), v.minLength(1));
/** A key of which only this value is supported. */
const only = <const T extends string | boolean | number>(value: T) => v.nullish(v.literal(value));
const absent = v.nullish(v.literal(false));
/** The class that the file is for; a file written by hand may lack it. */
const className = <const T extends string>(name: T) => v.optional(v.literal(name));

/** A check across keys, reported under one of them. */
function across<T extends object>(key: keyof T & string, expected: string, holds: (config: T) => boolean) {
  return v.rawCheck<T>(({ dataset, addIssue }) => {
    if (!dataset.typed || holds(dataset.value)) return;
    const { value } = dataset;
    const path = {
      type: 'object' as const,
      origin: 'value' as const,
      input: value as Record<string, unknown>,
      key,
      value: value[key],
    };
    addIssue({ message: expected, expected, received: JSON.stringify(value[key]), path: [path] });
  });
}

const onePer = (count: number, list: number | readonly unknown[]) =>
  typeof list === 'number' || list.length === count;

const UNet2DConditionKeys = v.object({
  _class_name: className('UNet2DConditionModel'),
  in_channels: v.optional(count, 4),
  out_channels: v.optional(count, 4),
  block_out_channels: v.optional(channels, [320, 640, 1280, 1280]),
  down_block_types: v.optional(v.array(v.picklist(['DownBlock2D', 'CrossAttnDownBlock2D'])), [
    'CrossAttnDownBlock2D',
    'CrossAttnDownBlock2D',
    'CrossAttnDownBlock2D',
    'DownBlock2D',
  ]),
  mid_block_type: v.optional(v.nullable(v.picklist(['UNetMidBlock2DCrossAttn'])), 'UNetMidBlock2DCrossAttn'),
  up_block_types: v.optional(v.array(v.picklist(['UpBlock2D', 'CrossAttnUpBlock2D'])), [
    'UpBlock2D',
    'CrossAttnUpBlock2D',
    'CrossAttnUpBlock2D',
    'CrossAttnUpBlock2D',
  ]),
  layers_per_block: v.optional(count, 2),
  transformer_layers_per_block: v.optional(v.union([count, channels]), 1),
  /** The number of heads, whatever its name says (diffusers issue 2011). */
  attention_head_dim: v.optional(v.union([count, channels]), 8),
  num_attention_heads: v.optional(v.nullable(v.union([count, channels]))),
  cross_attention_dim: v.optional(count, 1280),
  use_linear_projection: v.optional(v.boolean(), false),
  norm_num_groups: v.optional(count, 32),
  norm_eps: v.optional(v.number(), 1e-5),
  flip_sin_to_cos: v.optional(v.boolean(), true),
  freq_shift: v.optional(v.number(), 0),
  act_fn: only('silu'),
  center_input_sample: only(false),
  dual_cross_attention: only(false),
  /** What is added to the time embedding: the text's pooled states; in SDXL the pooled text and the image's sizes. */
  addition_embed_type: v.nullish(v.picklist(['text', 'text_time'])),
  addition_embed_type_num_heads: v.optional(count, 64),
  addition_time_embed_dim: v.nullish(count),
  projection_class_embeddings_input_dim: v.nullish(count),
  /** LCM: the width of the embedded guidance scale. */
  time_cond_proj_dim: v.nullish(count),
  upcast_attention: v.nullish(v.boolean()),
  class_embed_type: absent,
  num_class_embeds: absent,
  encoder_hid_dim: absent,
  encoder_hid_dim_type: absent,
  resnet_time_scale_shift: v.nullish(v.picklist(['default', 'scale_shift'])),
  resnet_skip_time_act: only(false),
  resnet_out_scale_factor: only(1),
  time_embedding_type: only('positional'),
  time_embedding_dim: absent,
  time_embedding_act_fn: absent,
  timestep_post_act: absent,
  attention_type: only('default'),
  cross_attention_norm: absent,
  reverse_transformer_layers_per_block: absent,
  conv_in_kernel: only(3),
  conv_out_kernel: only(3),
  mid_block_only_cross_attention: absent,
  only_cross_attention: only(false),
  downsample_padding: only(1),
  mid_block_scale_factor: only(1),
});
type UNet2DConditionKeys = v.InferOutput<typeof UNet2DConditionKeys>;

/** With addition_embed_type "text_time", the width of the pooled text: what the six embedded numbers of `time_ids` leave. */
export function pooledWidth(
  config: Pick<UNet2DConditionKeys, 'addition_time_embed_dim' | 'projection_class_embeddings_input_dim'>,
): number {
  return (config.projection_class_embeddings_input_dim ?? 0) - 6 * (config.addition_time_embed_dim ?? 0);
}

const headsFit = ({ block_out_channels, ...config }: UNet2DConditionKeys) =>
  block_out_channels.every(
    (width, i) => width % perLevel(config.num_attention_heads ?? config.attention_head_dim, i) === 0,
  );

/** UNet2DConditionModel's config.json. */
export const UNet2DConditionConfig = v.pipe(
  UNet2DConditionKeys,
  across('block_out_channels', 'one width for each of down_block_types', (c) =>
    onePer(c.down_block_types.length, c.block_out_channels),
  ),
  across('up_block_types', 'as many as down_block_types', (c) =>
    onePer(c.down_block_types.length, c.up_block_types),
  ),
  across('transformer_layers_per_block', 'one number, or one for each level', (c) =>
    onePer(c.down_block_types.length, c.transformer_layers_per_block),
  ),
  across('attention_head_dim', 'one number, or one for each level', (c) =>
    onePer(c.down_block_types.length, c.attention_head_dim),
  ),
  across('attention_head_dim', 'numbers of heads that divide block_out_channels', headsFit),
  across('norm_num_groups', 'a divisor of every one of block_out_channels', (c) =>
    c.block_out_channels.every((width) => width % c.norm_num_groups === 0),
  ),
  across('projection_class_embeddings_input_dim', 'more than six times addition_time_embed_dim', (c) =>
    c.addition_embed_type === 'text_time' ? pooledWidth(c) > 0 : true,
  ),
  across('addition_embed_type_num_heads', 'a divisor of cross_attention_dim', (c) =>
    c.addition_embed_type === 'text' ? c.cross_attention_dim % c.addition_embed_type_num_heads === 0 : true,
  ),
);
export type UNet2DConditionConfig = v.InferOutput<typeof UNet2DConditionConfig>;

const AutoencoderKLKeys = v.object({
  _class_name: className('AutoencoderKL'),
  in_channels: v.optional(count, 3),
  out_channels: v.optional(count, 3),
  block_out_channels: v.optional(channels, [64]),
  down_block_types: v.optional(v.array(v.picklist(['DownEncoderBlock2D'])), ['DownEncoderBlock2D']),
  up_block_types: v.optional(v.array(v.picklist(['UpDecoderBlock2D'])), ['UpDecoderBlock2D']),
  layers_per_block: v.optional(count, 1),
  latent_channels: v.optional(count, 4),
  norm_num_groups: v.optional(count, 32),
  scaling_factor: v.optional(v.number(), 0.18215),
  use_quant_conv: v.optional(v.boolean(), true),
  use_post_quant_conv: v.optional(v.boolean(), true),
  mid_block_add_attention: v.optional(v.boolean(), true),
  /** SDXL's decoder leaves the range of float16. */
  force_upcast: v.optional(v.boolean(), true),
  latents_mean: v.nullish(v.null()),
  latents_std: v.nullish(v.null()),
  act_fn: only('silu'),
});
/** AutoencoderKL's config.json. */
export const AutoencoderKLConfig = v.pipe(
  AutoencoderKLKeys,
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
  _class_name: className('AutoencoderTiny'),
  in_channels: v.optional(count, 3),
  out_channels: v.optional(count, 3),
  encoder_block_out_channels: v.optional(channels, [64, 64, 64, 64]),
  decoder_block_out_channels: v.optional(channels, [64, 64, 64, 64]),
  num_encoder_blocks: v.optional(v.array(countOrNone), [1, 3, 3, 3]),
  num_decoder_blocks: v.optional(v.array(countOrNone), [3, 3, 3, 1]),
  latent_channels: v.optional(count, 4),
  scaling_factor: v.optional(v.number(), 1),
  act_fn: only('relu'),
  upsample_fn: only('nearest'),
  upsampling_scaling_factor: only(2),
});
// The convolutions between its levels keep the width (vae.py, EncoderTiny and DecoderTiny), so only equal widths work.
const equal = (widths: readonly number[]) => widths.every((width) => width === widths[0]);

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

/** The config.json of CLIPTextModel and CLIPTextModelWithProjection. */
export const CLIPTextConfig = v.object({
  vocab_size: v.optional(count, 49408),
  hidden_size: v.optional(count, 512),
  intermediate_size: v.optional(count, 2048),
  num_hidden_layers: v.optional(count, 12),
  num_attention_heads: v.optional(count, 8),
  max_position_embeddings: v.optional(count, 77),
  hidden_act: v.optional(v.picklist(['quick_gelu', 'gelu']), 'quick_gelu'),
  layer_norm_eps: v.optional(v.number(), 1e-5),
  projection_dim: v.optional(count, 512),
  eos_token_id: v.optional(v.number(), 49407),
});
export type CLIPTextConfig = v.InferOutput<typeof CLIPTextConfig>;

/** The value at a level of a key that is one number for all levels, or one for each. */
export function perLevel(value: number | readonly number[], level: number): number {
  return typeof value === 'number' ? value : (value[level] as number);
}
