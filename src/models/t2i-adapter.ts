import * as v from 'valibot';
import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { LAYERS, whole } from '../numerics/bounds.ts';
import { perLevel, type UNet2DConditionConfig } from './config.ts';
import { className, unquantized, widths } from './config-parts.ts';
import { residualShapes } from './controlnet.ts';
import { conv2d } from './layers.ts';

/** T2IAdapter's config.json, with diffusers' keys and defaults. */
export const T2IAdapterConfig = v.object({
  ...unquantized,
  _class_name: className('T2IAdapter'),
  /** 1 for a grey picture. */
  in_channels: v.optional(v.picklist([1, 3]), 3),
  channels: v.optional(widths, [320, 640, 1280, 1280]),
  num_res_blocks: v.optional(whole(1, LAYERS), 2),
  downscale_factor: v.optional(v.picklist([8, 16]), 8),
  adapter_type: v.optional(v.picklist(['full_adapter', 'full_adapter_xl', 'light_adapter']), 'full_adapter'),
});
export type T2IAdapterConfig = v.InferOutput<typeof T2IAdapterConfig>;

/** Each of an adapter's blocks: its channels, and whether it first halves both sides. */
export function adapterBlocks({
  channels,
  adapter_type: type,
}: T2IAdapterConfig): { width: number; isHalved: boolean }[] {
  // The light one has another block of the last width.
  const all = type === 'light_adapter' ? [...channels, channels.at(-1) as number] : channels;
  return all.map((width, i) => ({ width, isHalved: type === 'full_adapter_xl' ? i === 2 : i > 0 }));
}

/**
 * [C, h, w] of what an adapter's feature maps are added to: each level's last result, after the downsampler where the level has no
 * attention, and then the mid block's (`UNetAddends`).
 */
export function adapterPlaces(
  config: UNet2DConditionConfig,
  size: { readonly height: number; readonly width: number },
): readonly (readonly [number, number, number])[] {
  const shapes = residualShapes(config, size);
  const { down_block_types: types } = config;
  let last = 0;
  const levels = types.map((type, level) => {
    last += perLevel(config.layers_per_block, level);
    const hasDownsampler = level < types.length - 1;
    const place = last + (hasDownsampler && type === 'DownBlock2D' ? 1 : 0);
    if (hasDownsampler) last++;
    return shapes[place] as readonly [number, number, number];
  });
  return [...levels, ...shapes.slice(-1)];
}

/**
 * T2IAdapter (diffusers models/adapter.py) as one graph, after its PixelUnshuffle: control_image float32
 * [1, in_channels · downscale_factor², height, width] → feature_0, feature_1, … float32 [1, C, h, w].
 * @param size of the map by downscale_factor
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function t2iAdapterModel(
  config: T2IAdapterConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width }: { readonly height: number; readonly width: number },
): Graph {
  const g = new Graph('t2i_adapter', target);
  const { in_channels: colours, downscale_factor: factor, adapter_type: type } = config;
  const image = g.input('control_image', 'float32', [1, colours * factor * factor, height, width]);
  const w = weights.at('adapter');
  const isLight = type === 'light_adapter';
  const given = nn.cast(g, image, target.dtype);
  let hidden = isLight ? given : conv2d(g, w.at('conv_in'), given, config.channels[0] as number);
  for (const [i, { width: channels, isHalved }] of adapterBlocks(config).entries()) {
    const block = w.at('body', i);
    if (isHalved) hidden = averagePool(g, hidden);
    const inside = isLight ? Math.floor(channels / 4) : channels;
    if (isLight || hidden.shape[1] !== inside)
      hidden = conv2d(g, block.at('in_conv'), hidden, inside, { kernel: 1 });
    for (let layer = 0; layer < config.num_res_blocks; layer++)
      hidden = adapterResnetBlock(g, block.at('resnets', layer), hidden, isLight ? 3 : 1);
    if (isLight) hidden = conv2d(g, block.at('out_conv'), hidden, channels, { kernel: 1 });
    g.output(`feature_${i}`, nn.cast(g, hidden, 'float32'));
  }
  return g;
}

/** AdapterResnetBlock and LightAdapterResnetBlock: x [1, C, H, W] → the same shape. */
function adapterResnetBlock(g: Graph, w: Weights, x: Value, kernel: number): Value {
  const channels = x.shape[1] as number;
  const hidden = nn.relu(g, conv2d(g, w.at('block1'), x, channels));
  return nn.add(g, conv2d(g, w.at('block2'), hidden, channels, { kernel }), x);
}

/** AvgPool2d(2, ceil_mode=True): x [1, C, H, W] → [1, C, ⌈H/2⌉, ⌈W/2⌉], by a product with a matrix for each axis. */
function averagePool(g: Graph, x: Value): Value {
  const [, channels, height, width] = x.shape as [number, number, number, number];
  const [h, w] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const across = nn.matmul(g, nn.reshape(g, x, [channels * height, width]), halving(g, width));
  const turned = nn.transpose(g, nn.reshape(g, across, [channels, height, w]), [0, 2, 1]);
  const down = nn.matmul(g, nn.reshape(g, turned, [channels * w, height]), halving(g, height));
  return nn.reshape(g, nn.transpose(g, nn.reshape(g, down, [channels, w, h]), [0, 2, 1]), [
    1,
    channels,
    h,
    w,
  ]);
}

/** [length, ⌈length/2⌉]: each column the mean of two neighbours; an odd one at the end is alone. */
function halving(g: Graph, length: number): Value {
  const half = Math.ceil(length / 2);
  const isAlone = (i: number) => i === length - 1 && length % 2 === 1;
  const data = Float32Array.from({ length: length * half }, (_, at) => {
    const [i, column] = [Math.floor(at / half), at % half];
    return Math.floor(i / 2) === column ? (isAlone(i) ? 1 : 0.5) : 0;
  });
  return nn.cast(g, g.constant(data, [length, half]), g.target.dtype);
}
