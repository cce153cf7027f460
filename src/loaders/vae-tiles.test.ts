import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type StoredTensor, Weights } from '../checkpoint/weights.ts';
import { compile } from '../gpu/compile.ts';
import { beyondLimits } from '../gpu/limits.ts';
import { chooseTile } from '../gpu/tiles.ts';
import type { GraphTarget } from '../graph/graph.ts';
import { AutoencoderKLConfig } from '../models/config.ts';
import { autoencoderKLDecoder, autoencoderKLEncoder } from '../models/vae.ts';
import { elementCount } from '../numerics/tensor.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { latentSpec } from './load-vae.ts';

// Stable Diffusion's VAE, whose shapes are SDXL's too, with its real sizes.
const FILE = join(import.meta.dirname, '../models/golden/sd15/shapes.json');
const { vae } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  vae: { config: unknown; shapes: Readonly<Record<string, readonly number[]>> };
};
const CONFIG = parseConfig('vae', AutoencoderKLConfig, vae.config);
const weights = () =>
  Weights.of(
    'vae',
    new Map(
      Object.entries(vae.shapes).map(([name, shape]): [string, StoredTensor] => {
        const length = 4 * elementCount(shape);
        return [name, { dtype: 'F32', shape, offset: 0, length, path: name, blob: new Blob() }];
      }),
    ),
  );

/** What every device of WebGPU has (https://www.w3.org/TR/webgpu/#limits). */
const LEAST = {
  ...{ maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 },
  ...{ maxStorageBuffersPerShaderStage: 8, maxComputeWorkgroupsPerDimension: 65_535 },
};
const target = (dtype: GraphTarget['dtype']): GraphTarget => ({
  provider: 'webgpu',
  dtype,
  ownKernels: true,
});
const tilesOf = (dtype: GraphTarget['dtype'], largestTensor: number) =>
  latentSpec({ className: 'AutoencoderKL', config: CONFIG }, target(dtype), largestTensor).tiles;

/** What of a tile's decoder and encoder in float32 goes beyond the least limits. */
function beyond(tile: number): (string | undefined)[] {
  const graphs = [
    autoencoderKLDecoder(CONFIG, weights(), target('float32'), { height: tile, width: tile }),
    autoencoderKLEncoder(CONFIG, weights(), target('float32'), { height: 8 * tile, width: 8 * tile }),
  ];
  return graphs.map((graph) =>
    beyondLimits(compile(graph, { hasF16: true, workgroupMemory: 16_384, tileFor: chooseTile }), LEAST),
  );
}

describe('a VAE in tiles', () => {
  test('has diffusers’ tiles where the device binds their maps', () => {
    for (const [dtype, bytes] of [
      ['float16', 2 ** 27],
      ['float32', 2 ** 28],
      ['float32', Number.POSITIVE_INFINITY],
    ] as const)
      expect(tilesOf(dtype, bytes)).toEqual({ tile: 64, overlap: 16 });
  });

  test('has the largest smaller ones in float32 on a GPU that binds 128 MiB, and fits it then', () => {
    expect(beyond(64)[0]).toContain('has a tensor of 268435456 bytes');
    const { tile, overlap } = tilesOf('float32', 2 ** 27);
    expect([tile, overlap]).toEqual([44, 11]);
    expect(beyond(tile)).toEqual([undefined, undefined]);
    expect(beyond(tile + 4)[0]).toContain('has a tensor');
  });
});
