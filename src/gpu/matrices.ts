import { Draw, type KernelCase } from '../kernels/cases/case.ts';
import { MATRIX_TOLERANCE, matrixCase } from '../kernels/cases/gemm.ts';
import { convCase, gatedCase } from '../kernels/cases/tiled.ts';
import type { Tile } from '../kernels/product.ts';
import type { Pipelines } from './pipelines.ts';
import { runCase } from './run-case.ts';
import { randomFrom } from './self-test.ts';
import { matrixTile } from './tiles.ts';

/** The feature's name where a browser has it: it is no part of the standard yet. */
export const SUBGROUP_MATRICES = 'chromium-experimental-subgroup-matrix' as GPUFeatureName;

/** A kind of matrices that a GPU multiplies (Dawn, `GPUAdapterInfo.subgroupMatrixConfigs`). */
interface MatrixConfig {
  readonly M: number;
  readonly N: number;
  readonly K: number;
  readonly componentType: string;
  readonly resultComponentType: string;
}

type MatrixInfo = Partial<GPUAdapterInfo> & { readonly subgroupMatrixConfigs?: Iterable<MatrixConfig> };

/** Seeds whose cases together are matrices and convolutions of one and of two maps, normalised, gated, and in splits. */
const SEEDS = [1, 2, 3, 4, 5, 8];

/**
 * The tile for subgroup matrices of float16 with sums in float32, where a device has them and its subgroups are of one size;
 * undefined elsewhere.
 * @param info the adapter's; a device's own may lack the kinds of matrices
 */
export function matrixTileOf(device: GPUDevice, info: Partial<GPUAdapterInfo>): Tile | undefined {
  if (!device.features.has(SUBGROUP_MATRICES) || !device.features.has('shader-f16')) return undefined;
  const { subgroupMatrixConfigs, subgroupMinSize, subgroupMaxSize } = info as MatrixInfo;
  if (!subgroupMinSize || subgroupMinSize !== subgroupMaxSize) return undefined;
  const config = [...(subgroupMatrixConfigs ?? [])].find(
    ({ M, N, K, componentType, resultComponentType }) =>
      componentType === 'f16' &&
      resultComponentType === 'f32' &&
      16 % M === 0 &&
      32 % N === 0 &&
      32 % K === 0,
  );
  return config && matrixTile([config.M, config.N, config.K], subgroupMinSize);
}

/** Whether products by this tile are right here. The feature's WGSL differs between browsers: where it is another, no shader compiles. */
export async function matricesWork(device: GPUDevice, pipelines: Pipelines, tile: Tile): Promise<boolean> {
  for (const one of matricesCases(tile)) {
    const error = await runCase(device, pipelines, one).catch(() => Number.POSITIVE_INFINITY);
    if (!(error <= one.tolerance)) return false;
  }
  return true;
}

/** Products of a few more rows and columns than the tile, so that every matrix of it has a part in the result; then small ones. */
export function matricesCases(tile: Tile): KernelCase[] {
  const whole = [gatedCase, convCase].map((make) => make(new Draw(randomFrom(1)), 'float16', tile));
  const small = SEEDS.map((seed) => matrixCase(new Draw(randomFrom(seed)), tile));
  return [...whole.map((one) => ({ ...one, tolerance: MATRIX_TOLERANCE })), ...small];
}
