import { Weights } from '../../checkpoint/weights.ts';
import { UNet2DConditionConfig } from '../../models/config.ts';
import { controlNetModel } from '../../models/controlnet.ts';
import type { ControlNetConfig } from '../../models/controlnet-config.ts';
import { t2iAdapterModel } from '../../models/t2i-adapter.ts';
import type { ControlFacts } from '../../protocol/control-facts.ts';
import { AppError } from '../../protocol/errors.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { ownAdapterConfig } from './adapter-config.ts';
import { controlBase } from './control-facts.ts';
import type { ControlFile } from './control-file.ts';
import { controlNetConfig, ownControlNetConfig } from './controlnet-config.ts';

/** Small, and in the dtype that is cast to most; what a graph asks of its file depends on neither. */
const TARGET = { provider: 'webgpu', dtype: 'float16' } as const;
const LATENTS = { height: 16, width: 16 };
const SHAPE = { ...LATENTS, sequenceLength: 77, batch: 2, isGuess: false } as const;

/** What the UNets of Stable Diffusion have in their config.json beside diffusers' defaults, where a ControlNet's tensors do not tell it. */
const PUBLISHED: Readonly<Record<ControlFacts['base'], object>> = {
  sd1: { cross_attention_dim: 768 },
  sd2: {
    ...{ cross_attention_dim: 1024, attention_head_dim: [5, 10, 20, 20], use_linear_projection: true },
  },
  sdxl: {
    ...{ cross_attention_dim: 2048, attention_head_dim: [5, 10, 20], use_linear_projection: true },
    block_out_channels: [320, 640, 1280],
    down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
    up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
    transformer_layers_per_block: [1, 2, 10],
    ...{ addition_embed_type: 'text_time', addition_time_embed_dim: 256 },
    projection_class_embeddings_input_dim: 2816,
  },
};

/**
 * Builds the graph of a control model, which asks the header of its file for every tensor by name, shape and type; no weight is read. Of
 * a ControlNet that is a file by itself, and not as wide as those of Stable Diffusion, only its model tells how it is built.
 * @throws AppError unsupported-model, naming the key of a configuration or the tensor
 */
export function checkControlFile(file: ControlFile): void {
  if (file.kind === 'T2I-Adapter') {
    t2iAdapterModel(ownAdapterConfig(file), Weights.of('t2i_adapter', file.tensors), TARGET, LATENTS);
    return;
  }
  const config = file.config ? ownControlNetConfig(file, file.config) : published(file);
  const modes = config?.union ? [0] : [];
  if (config) controlNetModel(config, Weights.of('controlnet', file.tensors), TARGET, { ...SHAPE, modes });
}

function published(file: ControlFile): ControlNetConfig | null {
  const unet = parseConfig('unet', UNet2DConditionConfig, PUBLISHED[controlBase(file)]);
  try {
    return controlNetConfig(file, unet);
  } catch (error) {
    if (error instanceof AppError && error.code === 'unsupported-control') return null;
    throw error;
  }
}
