import { recordingWeights, type TensorShapes } from '../checkpoint/recording-weights.ts';
import { type Tensors, Weights } from '../checkpoint/weights.ts';
import { randomFrom } from '../gpu/self-test.ts';
import { type Feeds, Graph, type GraphTarget } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { clipTextModel } from '../models/clip.ts';
import { AutoencoderKLConfig, CLIPTextConfig, UNet2DConditionConfig } from '../models/config.ts';
import { unet2DConditionModel } from '../models/unet.ts';
import type { UNetReuse } from '../models/unet-reuse.ts';
import { autoencoderKLDecoder } from '../models/vae.ts';
import { elementCount } from '../numerics/tensor.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { syntheticTensors } from './synthetic-weights.ts';

/** Something that is measured: its graph for a target, with weights that have the tensors it asks for. */
export interface Component {
  readonly build: (weights: Weights, target: GraphTarget) => Graph;
}

/** The keys of their unet/config.json that are not the default. */
export const UNETS = {
  'stable-diffusion-v1-5': { cross_attention_dim: 768, attention_head_dim: 8 },
  'stable-diffusion-xl-base-1.0': {
    block_out_channels: [320, 640, 1280],
    down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
    up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
    transformer_layers_per_block: [1, 2, 10],
    attention_head_dim: [5, 10, 20],
    cross_attention_dim: 2048,
    use_linear_projection: true,
    addition_embed_type: 'text_time',
    addition_time_embed_dim: 256,
    projection_class_embeddings_input_dim: 2816,
  },
};
export type SyntheticModel = keyof typeof UNETS;

/** Of both models, but for what it multiplies latents by. */
export const VAE = {
  block_out_channels: [128, 256, 512, 512],
  down_block_types: Array(4).fill('DownEncoderBlock2D'),
  up_block_types: Array(4).fill('UpDecoderBlock2D'),
  layers_per_block: 2,
};

/** CLIP ViT-L, of both models, and OpenCLIP ViT-bigG, SDXL's second. */
export const TEXT_ENCODERS = {
  text_encoder: {
    ...{ hidden_size: 768, intermediate_size: 3072, num_attention_heads: 12, num_hidden_layers: 12 },
    projection_dim: 768,
  },
  text_encoder_2: {
    ...{ hidden_size: 1280, intermediate_size: 5120, num_attention_heads: 20, num_hidden_layers: 32 },
    ...{ projection_dim: 1280, hidden_act: 'gelu' },
  },
};

const TOKENS = 77;
/** Pixels of the picture for each of the latents. */
const VAE_SCALE = 8;

/**
 * A step, with guidance of both texts.
 * @param keys of its config.json
 * @param side of the picture, in pixels
 * @param reuse what it keeps for other steps, or takes over from them
 */
export function unet(keys: object, side: number, batch: 1 | 2 = 2, reuse?: UNetReuse): Component {
  const config = parseConfig('unet', UNet2DConditionConfig, keys);
  const [height, width] = [side / VAE_SCALE, side / VAE_SCALE];
  const shape = { height, width, sequenceLength: TOKENS, batch, ...(reuse && { reuse }) };
  return { build: (weights, target) => unet2DConditionModel(config, weights, target, shape) };
}

/** @param keys of its config.json @param side of the picture, in pixels */
export function vaeDecoder(keys: object, side: number): Component {
  const config = parseConfig('vae', AutoencoderKLConfig, keys);
  const size = { height: side / VAE_SCALE, width: side / VAE_SCALE };
  return { build: (weights, target) => autoencoderKLDecoder(config, weights, target, size) };
}

/** Both texts. @param keys of its config.json @param pooled CLIPTextModelWithProjection, SDXL's second */
export function textEncoder(keys: object, pooled = false): Component {
  const config = parseConfig('text_encoder', CLIPTextConfig, keys);
  const outputs = { skip: pooled ? 1 : 0, normed: !pooled, pooled, injected: false };
  const shape = { batch: 2, sequenceLength: TOKENS };
  return { build: (weights, target) => clipTextModel(config, weights, target, shape, outputs) };
}

/** One convolution of Stable Diffusion 1.5's UNet, at the size of its feature map: what any GPU can be asked first. */
export function convolution(side: number): Component {
  return {
    build(weights, target) {
      const channels = 320;
      const g = new Graph('convolution', target);
      const x = g.input('sample', 'float32', [1, channels, side, side]);
      const weight = weights.getFactor(g, 'conv.weight', [channels, channels, 3, 3]);
      const bias = weights.get(g, 'conv.bias', [channels]);
      const result = nn.conv2d(g, nn.cast(g, x, target.dtype), { weight, bias });
      g.output('result', nn.cast(g, result, 'float32'));
      return g;
    },
  };
}

/** What a component asks for. */
export function shapesOf({ build }: Component): TensorShapes {
  const shapes: TensorShapes = new Map();
  build(recordingWeights(shapes), { provider: 'webgpu', dtype: 'float32' });
  return shapes;
}

/** A component's graph. @param tensors made in memory where none are given */
export function graphOf(
  component: Component,
  target: GraphTarget,
  tensors: Tensors = syntheticTensors(shapesOf(component)),
): Graph {
  return component.build(Weights.of('synthetic', tensors), target);
}

/** Sizes of a picture as SDXL is told them; a timestep in the middle. */
const KNOWN: Readonly<Record<string, readonly number[]>> = {
  timestep: [500],
  time_ids: [1024, 1024, 0, 0, 1024, 1024],
};

/** Something for each input of a graph: noise of variance 1, token ids, or what stands above. */
export function feedsOf({ inputs }: Graph): Feeds {
  const random = randomFrom(1);
  return Object.fromEntries(
    inputs.map(({ name, dtype, shape }) => {
      const length = elementCount(shape);
      const known = KNOWN[name];
      if (known) return [name, Float32Array.from({ length }, (_, i) => known[i % known.length] as number)];
      if (dtype === 'int32')
        return [
          name,
          Int32Array.from({ length }, (_, i) => (name === 'eos_rows' ? (i + 1) * TOKENS - 1 : i % 1000)),
        ];
      return [name, Float32Array.from({ length }, () => (random() - 0.5) * Math.sqrt(12))];
    }),
  );
}
