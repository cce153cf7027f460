import type { ComputedDType, DType } from '../graph/graph.ts';

const COMPUTED: Readonly<Record<ComputedDType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  float16: 10,
};

/** ONNX's numbers of the element types that our graphs use (onnx.proto, TensorProto.DataType). */
export const DATA_TYPE: Readonly<Record<DType, number>> = {
  ...COMPUTED,
  ...{ bfloat16: 16, float8e4m3fn: 17, float8e5m2: 19 },
};

/** The element type with this number; null for one that no input or output of ours has. */
export function dtypeOf(dataType: number): ComputedDType | null {
  const dtypes = Object.keys(COMPUTED) as ComputedDType[];
  return dtypes.find((dtype) => COMPUTED[dtype] === dataType) ?? null;
}
