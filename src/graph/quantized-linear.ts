import type { Graph, Value } from './graph.ts';

/** A quantised matrix [out, in], its rows in blocks of equal length, as com.microsoft.MatMulNBits reads it. */
export interface QuantizedWeight {
  /** uint8 [out, blocks, bytes of a block]. With 4 bits the first of two numbers is in the lower half of a byte. */
  readonly packed: Value;
  /** [out, blocks], in the graph's dtype. */
  readonly scales: Value;
  /** uint8 [out, bytes of a row], packed like the numbers; without them zero is half the range (128 in 8 bits). */
  readonly zeroPoints?: Value | undefined;
}

/**
 * `linear` (nn.ts) with a quantised weight: x [N, in], bias [out] → [N, out]. On WebGPU the weight is never widened as a whole.
 */
export function quantizedLinear(
  g: Graph,
  x: Value,
  { weight, bias }: { weight: QuantizedWeight; bias?: Value | undefined },
): Value {
  const [rows, blocks, bytes] = weight.packed.shape as [number, number, number];
  const [count, K] = x.shape as [number, number];
  const block = K / blocks;
  const attributes = { K, N: rows, bits: (8 * bytes) / block, block_size: block };
  const { packed, scales, zeroPoints = null } = weight;
  return g.op('MatMulNBits', [x, packed, scales, zeroPoints, null, bias ?? null], [count, rows], {
    attributes,
    domain: 'com.microsoft',
  });
}
