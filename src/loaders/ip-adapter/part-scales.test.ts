import { expect, test } from 'vitest';
import { UNet2DConditionConfig } from '../../models/config.ts';
import { ipAdapterShapes } from '../../models/ip-adapter.ts';
import { transformerPlaces } from '../../models/transformer-places.ts';
import type { IpAdapterParts } from '../../protocol/control.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { partScales } from './part-scales.ts';

const SD = parseConfig('unet', UNet2DConditionConfig, { cross_attention_dim: 768 });
const XL = parseConfig('unet', UNet2DConditionConfig, {
  block_out_channels: [320, 640, 1280],
  down_block_types: ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
  up_block_types: ['CrossAttnUpBlock2D', 'CrossAttnUpBlock2D', 'UpBlock2D'],
  attention_head_dim: [5, 10, 20],
  transformer_layers_per_block: [1, 2, 10],
  cross_attention_dim: 2048,
  use_linear_projection: true,
  addition_embed_type: 'text_time',
  addition_time_embed_dim: 256,
  projection_class_embeddings_input_dim: 2816,
});

/** The numbers in h94's files: SD1.5's and SDXL's. */
test('an adapter’s keys and values are counted down, up, and the mid block last', () => {
  const numbers = (config: UNet2DConditionConfig) =>
    [...ipAdapterShapes(config)].filter(([name]) => name.endsWith('to_k_ip.weight'));
  const sd = numbers(SD);
  expect(sd.map(([name]) => Number(name.split('.')[1]))).toEqual(
    Array.from({ length: 16 }, (_, i) => 2 * i + 1),
  );
  // Six below, nine above, and the mid block's.
  expect(sd.map(([, [width]]) => width)).toEqual([
    ...[320, 320, 640, 640, 1280, 1280],
    ...[1280, 1280, 1280, 640, 640, 640, 320, 320, 320],
    1280,
  ]);
  const xl = numbers(XL);
  expect(xl).toHaveLength(70);
  expect(xl.filter(([, [width]]) => width === 640)).toHaveLength(10);
  expect(xl.at(-1)).toEqual(['ip_adapter.139.to_k_ip.weight', [1280, 2048]]);
  expect(xl[24]).toEqual(['ip_adapter.49.to_k_ip.weight', [1280, 2048]]);
});

const named = (config: UNet2DConditionConfig, parts: IpAdapterParts) => {
  const scales = partScales(config, parts, 0.5);
  return transformerPlaces(config)
    .filter((_, i) => scales[i] === 0.5)
    .map(({ block, index, layer }) => `${block}.${index}.${layer}`);
};

test('style and layout are the blocks that diffusers and InstantStyle name', () => {
  expect(named(XL, 'style')).toEqual(['up.0.1']);
  expect(named(XL, 'layout')).toEqual(['down.2.1']);
  expect(named(XL, 'style-and-layout')).toEqual(['down.2.1', 'up.0.1']);
  expect(named(SD, 'style')).toEqual(['up.1.0', 'up.1.1', 'up.1.2']);
  expect(named(SD, 'layout')).toEqual(['down.2.0', 'down.2.1', 'mid.3.0']);
  expect(named(SD, 'all')).toHaveLength(16);
});
