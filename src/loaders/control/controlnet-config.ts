import type { Tensors } from '../../checkpoint/weights.ts';
import { textWidth, UNet2DConditionConfig } from '../../models/config.ts';
import { residualShapes } from '../../models/controlnet.ts';
import { asUNetConfig, type ControlNetConfig, ControlNetKeys } from '../../models/controlnet-config.ts';
import type { UnionParts } from '../../models/controlnet-union.ts';
import { AppError, type Fault, unsupportedModel } from '../../protocol/errors.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { isSdxl } from '../model-configs.ts';
import type { Config } from '../single-file/single-file-configs.ts';
import { count } from '../single-file/single-file-keys.ts';
import type { ControlFile } from './control-file.ts';

const COMPONENT = 'controlnet';
/** ControlNetUnionModel's, where they differ from ControlNetModel's. */
const UNION_DEFAULTS = { conditioning_embedding_out_channels: [48, 96, 192, 384] };

/**
 * The configuration of a ControlNet, for the UNet that it is to control.
 * @throws AppError unsupported-control when it was made for another kind of model; unsupported-model, naming the key or the tensor
 */
export function controlNetConfig(file: ControlFile, unet: UNet2DConditionConfig): ControlNetConfig {
  const config = ownControlNetConfig(file, file.config ?? configFromTensors(file, unet));
  if (!fits(config.unet, unet)) throw otherModel(file.name);
  return config;
}

/**
 * What a ControlNet's config.json says, whatever it is to control.
 * @throws AppError unsupported-model, naming the key, or what a Union lacks
 */
export function ownControlNetConfig({ tensors }: ControlFile, json: unknown): ControlNetConfig {
  const union = unionParts(tensors);
  const keys = parseConfig(
    COMPONENT,
    ControlNetKeys,
    union ? { ...UNION_DEFAULTS, ...(json as object) } : json,
  );
  const unet = parseConfig(COMPONENT, UNet2DConditionConfig, asUNetConfig(json));
  // It embeds its kinds of maps as SDXL's UNet embeds numbers.
  if (union && !unet.addition_time_embed_dim)
    throw unsupportedModel('missing-part', COMPONENT, 'addition_time_embed_dim', 'none');
  return { ...keys, union, unet };
}

/** Of a ControlNet Union, by its tensors; null for any other ControlNet. */
function unionParts(tensors: Tensors): UnionParts | null {
  const tasks = tensors.get('task_embedding');
  return tasks ? { types: tasks.shape[0] ?? 0, layers: count(tensors, /^transformer_layes\.(\d+)\./) } : null;
}

/** Whether what it gives can be added to what the UNet has, and what it takes is what the UNet is given. */
function fits(own: UNet2DConditionConfig, unet: UNet2DConditionConfig): boolean {
  const givenAndTaken = (config: UNet2DConditionConfig, latents: number) =>
    JSON.stringify([
      residualShapes(config, { height: 64, width: 64 }),
      latents,
      textWidth(config),
      config.addition_embed_type ?? null,
      config.projection_class_embeddings_input_dim ?? null,
    ]);
  return givenAndTaken(own, own.in_channels) === givenAndTaken(unet, unet.out_channels);
}

/**
 * What a file by itself says by its tensors. What no tensor tells, such as the number of heads, is the UNet's: every ControlNet begins
 * as a copy of its first half.
 */
function configFromTensors({ name, tensors }: ControlFile, unet: UNet2DConditionConfig): Config {
  const size = (key: string, axis: number) => {
    const found = tensors.get(key)?.shape[axis];
    if (found === undefined) throw unsupportedModel('missing-part', name, key, 'no such tensor');
    return found;
  };
  const has = (prefix: string) => [...tensors.keys()].some((key) => key.startsWith(prefix));
  const levels = Array.from({ length: count(tensors, /^down_blocks\.(\d+)\./) }, (_, level) => level);
  const blocks = (block: string) =>
    count(tensors, new RegExp(`^${block}\\.attentions\\.0\\.transformer_blocks\\.(\\d+)\\.`));
  const embedding = 'controlnet_cond_embedding.blocks';
  const halvings = count(tensors, /^controlnet_cond_embedding\.blocks\.(\d+)\./) / 2;
  const text = [...tensors].find(([key]) => key.endsWith('.attn2.to_k.weight'))?.[1];
  const isXl = has('add_embedding.linear_1.');
  const widths = levels.map((level) => size(`down_blocks.${level}.resnets.0.conv2.weight`, 0));
  if (String(widths) !== String(unet.block_out_channels) || isXl !== isSdxl(unet)) throw otherModel(name);
  return {
    ...unet,
    in_channels: size('conv_in.weight', 1),
    out_channels: size('conv_in.weight', 1),
    block_out_channels: widths,
    layers_per_block: count(tensors, /^down_blocks\.0\.resnets\.(\d+)\./),
    down_block_types: levels.map((level) =>
      has(`down_blocks.${level}.attentions.`) ? 'CrossAttnDownBlock2D' : 'DownBlock2D',
    ),
    mid_block_type: has('mid_block.attentions.') ? 'UNetMidBlock2DCrossAttn' : 'UNetMidBlock2D',
    // A level without attention has no number of its own; the last one's is the mid block's.
    transformer_layers_per_block: levels.map(
      (level) => blocks(`down_blocks.${level}`) || (level === levels.length - 1 && blocks('mid_block')) || 1,
    ),
    reverse_transformer_layers_per_block: null,
    cross_attention_dim: text?.shape[1] ?? unet.cross_attention_dim,
    ...(isXl && { projection_class_embeddings_input_dim: size('add_embedding.linear_1.weight', 1) }),
    conditioning_embedding_out_channels: [
      size('controlnet_cond_embedding.conv_in.weight', 0),
      ...Array.from({ length: halvings }, (_, i) => size(`${embedding}.${2 * i + 1}.weight`, 0)),
    ],
  };
}

function otherModel(control: string): AppError {
  const details = { kind: 'control-of-other-model', control } satisfies Fault;
  return new AppError('unsupported-control', `${control} was made for another kind of model.`, details);
}
