import { beforeEach, expect, test } from 'vitest';
import { gemm } from '../kernels/gemm.ts';
import { takesMatrices } from '../kernels/gemm-matrix.ts';
import type { Gemm } from '../kernels/product.ts';
import { matricesWork, matrixTileOf, SUBGROUP_MATRICES } from './matrices.ts';
import { Pipelines } from './pipelines.ts';
import { FakeDevice, stubGlobals } from './samples/fake-device.ts';
import { chooseMatrixTile, matrixTile } from './tiles.ts';

beforeEach(stubGlobals);

const config = (M: number, N: number, K: number, componentType = 'f16', resultComponentType = 'f32') => {
  return { M, N, K, componentType, resultComponentType };
};
/** What Dawn says of Mesa's lavapipe. */
const LAVAPIPE = [config(8, 8, 8, 'f16', 'f16'), config(8, 8, 8), config(8, 8, 8, 'u8', 'u32')];
const infoOf = (configs: readonly object[], least = 32, most = least) =>
  ({
    subgroupMinSize: least,
    subgroupMaxSize: most,
    subgroupMatrixConfigs: configs,
  }) as Partial<GPUAdapterInfo>;
const deviceWith = (...features: string[]) =>
  Object.assign(new FakeDevice(), { features: new Set(features) }).asDevice;
const ALL = ['shader-f16', SUBGROUP_MATRICES];

test.each([
  [LAVAPIPE, [8, 8, 8]],
  [
    [config(16, 16, 16, 'f16', 'f16'), config(16, 16, 16)],
    [16, 16, 16],
  ],
  [[config(8, 16, 16)], [8, 16, 16]],
])('of a GPU’s kinds of matrices that of float16 with float32 sums is taken', (configs, size) => {
  const matrix = { size, subgroup: 8, subgroups: 4 };
  expect(matrixTileOf(deviceWith(...ALL), infoOf(configs, 8))?.matrix).toEqual(matrix);
});

test.each([
  ['the device has none', ['shader-f16'], infoOf(LAVAPIPE)],
  ['the device has no float16', [SUBGROUP_MATRICES], infoOf(LAVAPIPE)],
  ['subgroups differ in size', ALL, infoOf(LAVAPIPE, 8, 32)],
  ['sums are float16', ALL, infoOf([config(16, 16, 16, 'f16', 'f16')])],
  ['matrices do not part a tile', ALL, infoOf([config(32, 8, 16), config(8, 64, 16), config(8, 8, 64)])],
  ['the browser tells nothing', ALL, {}],
])('where %s, products stay with plain shaders', (_, features, info) => {
  expect(matrixTileOf(deviceWith(...features), info)).toBeUndefined();
});

const TILE = matrixTile([16, 16, 16], 32);
const PRODUCT: Gemm = {
  ...{ rows: 4096, columns: 640, rowsPerBatch: 4096, out: 'float16' },
  inputs: [{ channels: 320, storage: 'float16' }],
  weight: { kind: 'float16' },
};

test('products of float16, read in fours, take them; of few rows none', () => {
  expect(takesMatrices(PRODUCT)).toBe(true);
  expect(takesMatrices({ ...PRODUCT, weight: { kind: 'float8e4m3fn' } })).toBe(true);
  expect(takesMatrices({ ...PRODUCT, weight: { kind: 'float8e4m3fn', isScaled: true } })).toBe(false);
  expect(takesMatrices({ ...PRODUCT, weight: { kind: 'bfloat16' } })).toBe(false);
  expect(takesMatrices({ ...PRODUCT, inputs: [{ channels: 322, storage: 'float16' }] })).toBe(false);
  expect(chooseMatrixTile(TILE, 4096, 640, 320)).toEqual({ tile: TILE, splits: 1 });
  expect(chooseMatrixTile(TILE, 64, 1280, 11_520)?.splits).toBe(11);
  expect(chooseMatrixTile(TILE, 2, 320, 320)).toBeUndefined();
});

test.each([
  false,
  true,
])('directives stand first, and a workgroup’s memory is what every device has (gated: %s)', (gated) => {
  const [kernel] = gemm({ ...PRODUCT, gated }, TILE);
  expect(kernel?.code.split('\n').slice(0, 3)).toEqual([
    'diagnostic(off, chromium.subgroup_matrix_uniformity);',
    'enable chromium_experimental_subgroup_matrix;',
    'enable f16;',
  ]);
  const sizes = [...(kernel?.code ?? '').matchAll(/var<workgroup> \w+: array<(f16|f32), (\d+)>/g)];
  const bytes = sizes.reduce((sum, [, type, count]) => sum + (type === 'f16' ? 2 : 4) * Number(count), 0);
  expect(sizes).toHaveLength(3);
  expect(bytes).toBeLessThanOrEqual(16_384);
  expect(kernel?.workgroups).toEqual([10, 64, 1]);
});

test('where their shader does not compile, or something else is computed, they are not used', async () => {
  const device = new FakeDevice();
  // A device that computes nothing leaves zeros.
  expect(await matricesWork(device.asDevice, new Pipelines(device.asDevice), TILE)).toBe(false);
  device.compile.mockImplementation(() => Promise.reject(new DOMException('no', 'GPUPipelineError')));
  expect(await matricesWork(device.asDevice, new Pipelines(device.asDevice), TILE)).toBe(false);
  expect(device.live.size).toBe(0);
});
