/** A shape and its values in row-major order. */
export interface Tensor<Data extends Float32Array | Int32Array = Float32Array> {
  readonly shape: readonly number[];
  /** `elementCount(shape)` values. */
  readonly data: Data;
}

/** How many values a tensor of this shape has: 1 for a scalar, []. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
