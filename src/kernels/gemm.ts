import { activationWgsl } from './activations.ts';
import { epilogueWgsl } from './gemm-epilogue.ts';
import { mainWgsl } from './gemm-main.ts';
import { isHalfProduct, MATRIX_DIRECTIVES, matrixMainWgsl } from './gemm-matrix.ts';
import {
  enables,
  forEachItem,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  widthOf,
  workgroupsFor,
} from './kernel.ts';
import { channelsOf, type Gemm, innerWidth, outColumns, type Tile, tapsOf } from './product.ts';
import { readWeight, weightBuffers, weightBytes } from './weight-storage.ts';

/**
 * activation(alpha · x weightᵀ + bias + addend + residual), all sums in float32.
 *
 * x [rows, K] is a matrix, or what a convolution reads of channels-last feature maps [B, H, W, C], K = kernel² · C; weight
 * [columns, K], of a convolution [O, kernel, kernel, I]. Result [rows, columns], or half the columns with `gated`.
 * Bindings: the inputs, scales and shifts, the weight's buffers, bias, addend, residual; then the result.
 *
 * With more than one split the inner axis is parted among workgroups. The first kernel, without bias, addend and residual,
 * writes a scratch float32 [splits, rows, columns]; the second reads it and those.
 */
export function gemm(product: Gemm, tile: Tile, splits = 1): readonly Kernel[] {
  const main = mainKernel(product, tile, splits);
  return splits === 1 ? [main] : [main, sumKernel(product, splits)];
}

/** Bytes of the scratch between both kernels. */
export const scratchBytes = ({ rows, columns }: Gemm, splits: number): number => 4 * splits * rows * columns;

/** Pieces of the inner axis that a workgroup goes through: for each input, each tap, each stretch of channels. */
export function chunksOf(product: Gemm, { depth }: Tile): number {
  const vectors = product.inputs.map(({ channels }) => Math.ceil(channels / innerWidth(product) / depth));
  return tapsOf(product) * vectors.reduce((sum, count) => sum + count, 0);
}

function mainKernel(product: Gemm, tile: Tile, splits: number): Kernel {
  const { rows, columns, inputs, conv, gated, normalize, weight } = product;
  const width = innerWidth(product);
  const [first, second] = inputs.map(({ channels }) => channels / width) as [number, number?];
  const chunks = chunksOf(product, tile);
  const {
    kernel = 1,
    stride = 1,
    pads = [0, 0],
    size = [1, 1],
    stretched = [1, 1],
    outSize = [1, 1],
  } = conv ?? {};
  const weightPitch = (tapsOf(product) * channelsOf(product)) / width;
  const { wgsl, data } = uniforms(
    {
      ...{ rows, columns, outColumns: outColumns(product), rowsPerBatch: product.rowsPerBatch, weightPitch },
      ...{ first, second: second ?? 0, taps: tapsOf(product), chunks, perSplit: Math.ceil(chunks / splits) },
      ...{ kernel, stride, top: pads[0], left: pads[1], height: size[0], width: size[1] },
      ...{
        stretchedHeight: stretched[0],
        stretchedWidth: stretched[1],
        outHeight: outSize[0],
        outWidth: outSize[1],
      },
      addendPitch: product.addend?.pitch ?? 0,
      addendOffset: product.addend?.offset ?? 0,
    },
    { alpha: product.alpha ?? 1 },
  );
  const bindings = [
    ...inputs.map(
      ({ storage }, i) =>
        (at: number) =>
          input(`x${i}`, at, storage, width),
    ),
    ...(normalize ? [(at: number) => input('norm', at, 'float32', width)] : []),
  ];
  const next = 1 + bindings.length;
  const after = next + weightBuffers(weight);
  const result = splits > 1 ? [output('sums', after, 'float32', 1)] : epilogueWgsl(product, after);
  const silu = activationWgsl('silu', width);
  const code = [
    ...(tile.matrix ? MATRIX_DIRECTIVES : []),
    enables(...storagesOf(product)),
    wgsl,
    ...bindings.map((binding, i) => binding(1 + i)),
    readWeight(weight, next, width),
    // Where silu follows the sum as well, it is there already.
    ...(normalize?.silu && !result.includes(silu) ? [silu] : []),
    ...result,
    tile.matrix
      ? matrixMainWgsl(product, tile, splits > 1)
      : mainWgsl(product, tile, width, splits > 1, isHalfProduct(product)),
  ].join('\n');
  const perTile = gated ? tile.columns / 2 : tile.columns;
  const workgroups = [Math.ceil(outColumns(product) / perTile), Math.ceil(rows / tile.rows), splits] as const;
  return { ...costOf(product), name: nameOf(product, tile), code, uniforms: data, workgroups };
}

/** Adds what the splits have summed: the second kernel. */
function sumKernel(product: Gemm, splits: number): Kernel {
  const { rows, columns } = product;
  const count = rows * outColumns(product);
  const { wgsl, data } = uniforms(
    {
      ...{ rows, columns, outColumns: outColumns(product), rowsPerBatch: product.rowsPerBatch, splits },
      addendPitch: product.addend?.pitch ?? 0,
      addendOffset: product.addend?.offset ?? 0,
    },
    { alpha: product.alpha ?? 1 },
  );
  const pair = widthOf(outColumns(product)) > 1 ? 2 : 1;
  const sum = (column: string) => `sum_of(row, ${column})`;
  const code = [
    enables(...storagesOf(product)),
    wgsl,
    input('sums', 1, 'float32', 1),
    ...epilogueWgsl(product, 2),
    `fn sum_of(row: u32, column: u32) -> f32 {
  var sum = 0.0;
  for (var split = 0u; split < u.splits; split++) { sum += read_sums((split * u.rows + row) * u.columns + column); }
  return sum;
}`,
    forEachItem(
      64,
      `  if (i >= ${'u.rows'} * u.outColumns / ${pair}u) { return; }
  let row = i / (u.outColumns / ${pair}u);
  let column = i % (u.outColumns / ${pair}u) * ${pair}u;
  finish(row, column, ${pair === 2 ? `vec2<f32>(${sum('column')}, ${sum('column + 1u')})` : sum('column')}${
    product.gated
      ? `, ${pair === 2 ? `vec2<f32>(${sum('u.outColumns + column')}, ${sum('u.outColumns + column + 1u')})` : sum('u.outColumns + column')}`
      : ''
  });`,
    ),
  ].join('\n');
  const bytes = scratchBytes(product, splits) + count * STORAGE_BYTES[product.out];
  return {
    ...{ name: 'sum of splits', code, uniforms: data, workgroups: workgroupsFor(count / pair, 64) },
    ...{ flops: splits * rows * columns, bytes },
  };
}

function storagesOf({ inputs, weight, bias, addend, residual, out }: Gemm): Storage[] {
  const kinds = weight.kind === 'quantized' ? [weight.scales] : [weight.kind];
  const optional = [bias, addend?.storage, residual].filter((storage) => storage !== undefined);
  return [...inputs.map(({ storage }) => storage), ...kinds, ...optional, out];
}

function costOf(product: Gemm): { flops: number; bytes: number } {
  const { rows, columns, inputs, conv, weight, residual, out } = product;
  const inner = tapsOf(product) * channelsOf(product);
  const pixels = conv ? (rows / (conv.outSize[0] * conv.outSize[1])) * conv.size[0] * conv.size[1] : rows;
  const read = inputs.reduce(
    (sum, { channels, storage }) => sum + pixels * channels * STORAGE_BYTES[storage],
    0,
  );
  const written =
    rows * outColumns(product) * (STORAGE_BYTES[out] + (residual ? STORAGE_BYTES[residual] : 0));
  return { flops: 2 * rows * columns * inner, bytes: read + written + weightBytes(weight, columns, inner) };
}

function nameOf({ conv, inputs, normalize, gated, activation, weight, out }: Gemm, tile: Tile): string {
  const words = [
    conv ? `conv ${conv.kernel}×${conv.kernel}` : 'gemm',
    inputs.length > 1 ? 'of two' : '',
    normalize ? (normalize.silu ? 'norm silu' : 'norm') : '',
    gated ? 'geglu' : (activation ?? ''),
    `${weight.kind === 'quantized' ? `${weight.bits} bits` : weight.kind}${'isScaled' in weight ? ' scaled' : ''} to ${out}`,
    `${tile.rows}×${tile.columns}${tile.matrix ? ' matrices' : ''}`,
  ];
  return words.filter(Boolean).join(' ');
}
