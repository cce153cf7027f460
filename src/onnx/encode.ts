import type { ByteSource } from '../graph/byte-source.ts';
import type { Attribute, ByteRange, Graph, GraphNode, Initializer, Value } from '../graph/graph.ts';
import { DATA_TYPE } from './data-type.ts';
import { externalData, splitFiles } from './file-parts.ts';
import { bytes, float, int, join } from './protobuf.ts';

/** A model as onnxruntime opens it: an ONNX file, and the files that its weights are in. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  readonly externalData: readonly { readonly path: string; readonly data: ByteSource }[];
}

const OPSET = 21;
const IR_VERSION = 10;

/** The attributes that are floats; every other number is an integer. */
const FLOATS: ReadonlySet<string> = new Set(['alpha', 'epsilon']);

/**
 * A graph as an ONNX ModelProto (onnx.proto; the numbers are its field numbers), some kilobytes long. Weights are external
 * data: a file, an offset and a length.
 * @throws RangeError for an attribute with a fraction that is not among the floats
 */
export function encodeModel(graph: Graph): OnnxModel {
  const initializers = [...graph.initializers.values()];
  const { parts, place } = splitFiles(
    initializers.flatMap((value) => ('range' in value ? [value.range] : [])),
  );
  const fields = [
    ...graph.nodes.map(encodeNode),
    bytes(2, graph.name),
    ...initializers.map((value) => encodeInitializer(value, place)),
    ...graph.inputs.map((value) => encodeValueInfo(11, value)),
    ...graph.outputs.map((value) => encodeValueInfo(12, value)),
  ];
  const model = [
    int(1, IR_VERSION),
    bytes(2, 'safelight'),
    bytes(7, fields),
    bytes(8, [bytes(1, ''), int(2, OPSET)]),
    bytes(8, [bytes(1, 'com.microsoft'), int(2, 1)]),
  ];
  const data = parts.map(({ name, path, start, end }) => {
    return { path: name, data: (graph.files.get(path) as ByteSource).slice(start, end) };
  });
  return { bytes: join(model), externalData: data };
}

/** NodeProto. A node is called after its first result, which onnxruntime's errors then name. */
function encodeNode({ op, domain, inputs, outputs, attributes }: GraphNode): Uint8Array {
  // The type that Cast casts to is its result's.
  const all = op === 'Cast' ? { to: DATA_TYPE[(outputs[0] as Value).dtype] } : attributes;
  return bytes(1, [
    ...inputs.map((value) => bytes(1, value?.name ?? '')),
    ...outputs.map((value) => bytes(2, value.name)),
    ...(op === 'Identity' ? [] : [bytes(3, (outputs[0] as Value).name)]),
    bytes(4, op),
    ...Object.entries(all).map(([name, value]) => encodeAttribute(name, value)),
    ...(domain ? [bytes(7, domain)] : []),
  ]);
}

/** AttributeProto: its value, and the type of it (20). */
function encodeAttribute(name: string, value: Attribute): Uint8Array {
  return bytes(5, [bytes(1, name), ...attributeValue(name, value)]);
}

function attributeValue(name: string, value: Attribute): Uint8Array[] {
  if (typeof value === 'string') return [bytes(4, value), int(20, 3)];
  if (typeof value !== 'number') return [...value.map((item) => int(8, item)), int(20, 7)];
  if (FLOATS.has(name)) return [float(2, value), int(20, 1)];
  if (!Number.isSafeInteger(value))
    throw new RangeError(`The attribute ${name} is ${value}; expected an integer.`);
  return [int(3, value), int(20, 2)];
}

/** ValueInfoProto of a tensor, as the graph's field of this number. */
function encodeValueInfo(field: number, { name, dtype, shape }: Value): Uint8Array {
  const dims = shape.map((size) => bytes(1, [int(1, size)]));
  const tensor = [int(1, DATA_TYPE[dtype]), bytes(2, dims)];
  return bytes(field, [bytes(1, name), bytes(2, [bytes(1, tensor)])]);
}

/** TensorProto: raw_data 9, or external_data 13 and data_location 14. */
function encodeInitializer(value: Initializer, place: (range: ByteRange) => ByteRange): Uint8Array {
  const { name, dtype, shape } = value;
  const dims = shape.map((size) => int(1, size));
  const data = 'data' in value ? [bytes(9, bytesOf(value.data))] : externalData(place(value.range));
  return bytes(5, [...dims, int(2, DATA_TYPE[dtype]), bytes(8, name), ...data]);
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  new Uint8Array(buffer, byteOffset, byteLength);
