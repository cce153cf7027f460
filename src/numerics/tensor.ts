/** A shape and its values in row-major order; `data.length` is the product of `shape`. */
export interface Tensor<Data extends Float32Array | Int32Array = Float32Array> {
  readonly shape: readonly number[];
  readonly data: Data;
}
