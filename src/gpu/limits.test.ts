import { expect, test } from 'vitest';
import { Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { compile } from './compile.ts';
import { beyondLimits } from './limits.ts';
import { chooseTile } from './tiles.ts';

/** What every device of WebGPU has (https://www.w3.org/TR/webgpu/#limits). */
const LEAST = {
  ...{ maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 },
  ...{ maxStorageBuffersPerShaderStage: 8, maxComputeWorkgroupsPerDimension: 65_535 },
};

const programOf = (build: (g: Graph) => void) => {
  const g = new Graph('map', { provider: 'webgpu', dtype: 'float16', ownKernels: true });
  build(g);
  return compile(g, { hasF16: true, workgroupMemory: 16_384, tileFor: chooseTile });
};
/** A convolution of a feature map, as a VAE's last levels have them. */
const convolution = (channels: number, size: number) =>
  programOf((g) => {
    const length = 2 * 9 * channels * 4;
    const file = { path: 'a', offset: 0, length };
    const x = nn.cast(g, g.input('x', 'float32', [1, 4, size, size]), 'float16');
    const weight = g.weight('w', 'float16', [channels, 4, 3, 3], file, new Blob([]));
    const back = g.weight('b', 'float16', [4, channels, 3, 3], file, new Blob([]));
    const map = nn.conv2d(g, nn.silu(g, nn.conv2d(g, x, { weight })), { weight: back });
    g.output('out', nn.cast(g, map, 'float32'));
  });

test('a feature map of 256 channels fits every GPU up to 512 × 512, and is named beyond', () => {
  expect(beyondLimits(convolution(256, 512), LEAST)).toBeUndefined();
  expect(beyondLimits(convolution(256, 520), LEAST)).toBe(
    'map has a tensor of 138444800 bytes; this GPU binds 134217728.',
  );
});

test('a table of CLIP fits in halves, and not in floats', () => {
  const table = (dtype: 'float16' | 'float32') =>
    programOf((g) => {
      const bytes = dtype === 'float16' ? 2 : 4;
      const file = { path: 'a', offset: 0, length: bytes * 49_408 * 1280 };
      const tokens = g.weight('w', dtype, [49_408, 1280], file, new Blob([]));
      g.output('out', nn.cast(g, nn.gather(g, tokens, g.input('ids', 'int32', [77])), 'float32'));
    });
  expect(beyondLimits(table('float16'), LEAST)).toBeUndefined();
  expect(beyondLimits(table('float32'), LEAST)).toContain('252968960');
});

test.each([
  ['maxBufferSize', 1024, 'needs a buffer'],
  ['maxStorageBuffersPerShaderStage', 2, 'binds 3 buffers'],
  ['maxComputeWorkgroupsPerDimension', 3, 'workgroups in a row'],
] as const)('a GPU whose %s is %d is told from one that can', (limit, most, words) => {
  const program = convolution(8, 64);
  expect(beyondLimits(program, LEAST)).toBeUndefined();
  expect(beyondLimits(program, { ...LEAST, [limit]: most })).toContain(words);
});
