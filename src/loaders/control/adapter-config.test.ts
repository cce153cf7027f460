import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type StoredTensor, Weights } from '../../checkpoint/weights.ts';
import { savedRepository } from '../../hub/golden/saved-repository.ts';
import { UNet2DConditionConfig } from '../../models/config.ts';
import { T2IAdapterConfig, t2iAdapterModel } from '../../models/t2i-adapter.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import { adapterConfig } from './adapter-config.ts';
import { readControlFile, readControlRepository } from './control-file.ts';
import { pixelUnshuffle } from './control-map.ts';

const ROOT = join(import.meta.dirname, '../../..');
const named = (name: string) => ({ name, hash: name });

const unetOf = (family: string) => {
  const folder = family === 'tiny-model' ? 'e2e/tiny-model' : `src/pipeline/golden/families/${family}`;
  const json = JSON.parse(readFileSync(join(ROOT, folder, 'unet/config.json'), 'utf8'));
  return parseConfig('unet', UNet2DConditionConfig, json);
};

/** An adapter of golden/adapters.py, from its repository or its file. */
async function read(name: string) {
  const folder = join(ROOT, 'src/pipeline/golden/adapters', name);
  if (!existsSync(folder)) return readControlFile(named(name), await openAsBlob(`${folder}.safetensors`));
  const files = savedRepository(
    (path) => existsSync(join(folder, path)),
    (path) => openAsBlob(join(folder, path)),
  );
  return readControlRepository(named(name), files);
}

test.each([
  ['pose', 'tiny-model'],
  ['sketch', 'tiny-model'],
  ['light', 'sd2'],
  ['xl', 'sdxl'],
])('the graph of %s has every tensor of its file, with and without its configuration', async (name, family) => {
  const file = await read(name);
  for (const config of [file.config, undefined]) {
    const weights = Weights.of('t2i_adapter', file.tensors);
    const read = adapterConfig({ ...file, config }, unetOf(family));
    t2iAdapterModel(read, weights, { provider: 'wasm', dtype: 'float32' }, { height: 9, width: 6 });
    expect(weights.unused()).toEqual([]);
  }
});

describe('one that was made for another kind of model is refused', () => {
  test.each([
    ['pose', 'sd2'],
    ['light', 'tiny-model'],
    ['xl', 'tiny-model'],
    ['sketch', 'sdxl'],
  ])('%s for %s', async (control, family) => {
    const file = await read(control);
    const error = { code: 'unsupported-control', details: { kind: 'control-of-other-model', control } };
    expect(() => adapterConfig(file, unetOf(family))).toThrow(expect.objectContaining(error));
  });
});

/** The published ones, by the shapes of their first tensors and the widths of their blocks. */
test.each([
  ['full_adapter', 192, 3, 8],
  ['full_adapter', 64, 1, 8],
  ['full_adapter_xl', 768, 3, 16],
  ['full_adapter_xl', 256, 1, 16],
])('a file by itself is a %s where it takes %i channels', (type, given, colours, factor) => {
  const shaped = (shape: readonly number[]): StoredTensor => ({
    ...{ dtype: 'F16', shape, offset: 0, length: 0, path: 'x', blob: new Blob() },
  });
  const widths = [320, 640, 1280, 1280];
  const tensors = new Map([
    ['adapter.conv_in.weight', shaped([320, given, 3, 3])],
    ...widths.flatMap((width, i) =>
      [0, 1].map(
        (layer) =>
          [`adapter.body.${i}.resnets.${layer}.block1.weight`, shaped([width, width, 3, 3])] as const,
      ),
    ),
  ]);
  const levels = type === 'full_adapter' ? 4 : 3;
  const unet = parseConfig('unet', UNet2DConditionConfig, {
    block_out_channels: widths.slice(0, levels),
    down_block_types:
      levels === 4
        ? ['CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D', 'DownBlock2D']
        : ['DownBlock2D', 'CrossAttnDownBlock2D', 'CrossAttnDownBlock2D'],
    up_block_types: Array(levels).fill('UpBlock2D'),
    attention_head_dim: 8,
  });
  const file = { ...named('x'), kind: 'T2I-Adapter', config: undefined, tensors } as const;
  const expected = { adapter_type: type, in_channels: colours, downscale_factor: factor, num_res_blocks: 2 };
  expect(adapterConfig(file, unet)).toEqual(
    parseConfig('x', T2IAdapterConfig, { ...expected, channels: widths }),
  );
});

// torch.nn.PixelUnshuffle(2)(torch.arange(16.).reshape(1, 2, 2, 4)), torch 2.15.
test('pixels become channels', () => {
  const planes = Float32Array.from({ length: 16 }, (_, i) => i);
  expect([...pixelUnshuffle(planes, { width: 4, height: 2 }, 2)]).toEqual([
    0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11, 12, 14, 13, 15,
  ]);
});
