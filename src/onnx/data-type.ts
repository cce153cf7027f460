import type { DType } from '../graph/graph.ts';

/** ONNX's numbers of the element types that our graphs use (onnx.proto, TensorProto.DataType). */
export const DATA_TYPE: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  float16: 10,
};

/** The element type with this number; null for one that our graphs do not use. */
export function dtypeOf(dataType: number): DType | null {
  const dtypes = Object.keys(DATA_TYPE) as DType[];
  return dtypes.find((dtype) => DATA_TYPE[dtype] === dataType) ?? null;
}
