import type { ByteRange, ComputedDType } from '../graph/graph.ts';
import { elementCount } from '../numerics/tensor.ts';
import { DATA_TYPE, dtypeOf } from './data-type.ts';
import { externalData, type FilePart, splitFiles } from './file-parts.ts';
import { bytes, join } from './protobuf.ts';
import { type Corrupt, FileFields, LENGTH, readFields, readVarints, VARINT } from './wire.ts';

/** An input or an output of a ready-made graph. */
export interface GraphValue {
  readonly name: string;
  /** Null where it is not a tensor, or of an element type that this app does not use. */
  readonly dtype: ComputedDType | null;
  /** Each is a size, the name of a free size, or null where the file says nothing; null where it leaves even the rank open. */
  readonly dims: readonly (number | string | null)[] | null;
}

/** The facts of an .onnx file, and the model in a form that can be opened without reading all of the file. */
export interface ReadModel {
  /** The ones a run must be given: those with an initializer as default are left out. */
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  /** The model without its weights: large tensors of the file have become external data. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What `bytes` names: parts of the files beside it, and of the .onnx file itself where weights are in it. */
  readonly parts: readonly FilePart[];
  /** How many numbers its weights are. */
  readonly parameters: number;
  /** Whether any of them are float16; then the model computes in float16. */
  readonly isHalf: boolean;
}

/** Smaller tensors stay inside, such as shapes and scales, which onnxruntime reads while it plans. */
const INLINE_BYTES = 1024;
/** Of graphs within graphs: the branches of If and the bodies of Loop. */
const MAX_DEPTH = 8;
const MAX_RANK = 64;

/** The bits of each TensorProto.DataType except strings. */
const BITS: Readonly<Record<number, number>> = {
  ...{ 1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64, 15: 128 },
  ...{ 16: 16, 17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4, 23: 4 },
};

/**
 * Reads an .onnx file (onnx.proto, ModelProto) in slices, skipping the bytes of its large tensors.
 * @param path the name of the file in `parts`
 * @param corrupt makes the error for a damaged file, of what was expected and what was found
 * @throws what `corrupt` makes
 */
export async function readModel(path: string, file: Blob, corrupt: Corrupt): Promise<ReadModel> {
  const reader = new FileFields(file, corrupt);
  const walk: Walk = { path, reader, corrupt, locations: new Set() };
  const [before, after]: [Uint8Array[], Uint8Array[]] = [[], []];
  let graph: GraphFacts | undefined;
  for await (const field of reader.of(0, file.size)) {
    if (field.number !== 7) {
      (graph ? after : before).push(await reader.keep(field.start, field.end));
      continue;
    }
    if (field.type !== LENGTH || graph) throw corrupt('one graph', graph ? 'two' : 'something else');
    graph = await readGraph(walk, field.content, field.end);
  }
  if (!graph) throw corrupt('a graph', 'none');
  const { inputs, outputs, fields } = graph;
  const initializers = fields.filter((field): field is Initializer => !(field instanceof Uint8Array));
  const { parts, place } = splitFiles(initializers.flatMap(({ range }) => range ?? []));
  const encoded = fields.map((field) => {
    if (field instanceof Uint8Array) return field;
    return bytes(5, [...field.fields, ...(field.range ? externalData(place(field.range)) : [])]);
  });
  const names = new Set(initializers.map(({ name }) => name));
  const whole = [...walk.locations].map((name) => ({
    name,
    path: name,
    start: 0,
    end: Number.MAX_SAFE_INTEGER,
  }));
  return {
    inputs: inputs.filter(({ name }) => !names.has(name)),
    outputs,
    bytes: join([...before, bytes(7, encoded), ...after]),
    parts: [...parts, ...whole],
    parameters: initializers.reduce((sum, { count }) => sum + count, 0),
    isHalf: initializers.some(({ dataType }) => dataType === DATA_TYPE.float16),
  };
}

/** A file that is being read, and the files that its nodes have been found to name so far. */
interface Walk {
  readonly path: string;
  readonly reader: FileFields;
  readonly corrupt: Corrupt;
  readonly locations: Set<string>;
}

interface GraphFacts {
  readonly inputs: GraphValue[];
  readonly outputs: GraphValue[];
  /** The graph's fields in their order; all but the initializers are encoded. */
  readonly fields: readonly (Uint8Array | Initializer)[];
}

/** GraphProto: nodes 1, initializers 5, inputs 11, outputs 12. */
async function readGraph(walk: Walk, start: number, end: number): Promise<GraphFacts> {
  const { reader, corrupt, locations } = walk;
  const fields: (Uint8Array | Initializer)[] = [];
  const values: Record<11 | 12, GraphValue[]> = { 11: [], 12: [] };
  for await (const { number, type, start: at, content, end: to } of reader.of(start, end)) {
    if (number === 5 && type === LENGTH) {
      fields.push(await readInitializer(walk, content, to));
      continue;
    }
    const field = await reader.keep(at, to);
    fields.push(field);
    const body = field.subarray(content - at);
    if (type !== LENGTH) continue;
    if (number === 1) for (const location of nodeLocations(body, corrupt, 0)) locations.add(location);
    if (number === 11 || number === 12) values[number].push(graphValue(body, corrupt));
  }
  return { inputs: values[11], outputs: values[12], fields };
}

interface Initializer {
  readonly name: string;
  readonly count: number;
  readonly dataType: number;
  /** All but those that say where its bytes are, if they are in a file. */
  readonly fields: readonly Uint8Array[];
  readonly range: ByteRange | undefined;
}

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9, external_data 13, data_location 14. */
async function readInitializer(walk: Walk, start: number, end: number): Promise<Initializer> {
  const { path, reader, corrupt } = walk;
  const fields: Uint8Array[] = [];
  const external: Uint8Array[] = [];
  let raw: { readonly offset: number; readonly length: number } | undefined;
  for await (const field of reader.of(start, end)) {
    const length = field.end - field.content;
    if (field.number !== 9 || field.type !== LENGTH || length <= INLINE_BYTES) {
      const isExternal = field.number === 13 || field.number === 14;
      (isExternal ? external : fields).push(await reader.keep(field.start, field.end));
    } else if (raw) throw corrupt('a tensor’s bytes once', 'twice');
    else raw = { offset: field.content, length };
  }
  const { name, dims, dataType, place } = tensorFacts(join([...fields, ...external]), corrupt);
  const count = elementCount(dims);
  if (!Number.isSafeInteger(count)) throw corrupt('a tensor of a size that can be', `${name} [${dims}]`);
  const known = { name, count, dataType };
  const size = Math.ceil((count * (BITS[dataType] ?? Number.NaN)) / 8);
  const location = place.get('location');
  if (location !== undefined) {
    if (raw) throw corrupt(`${name} in one place`, 'two');
    const [offset, length] = [Number(place.get('offset') ?? 0), Number(place.get('length') ?? size)];
    if (![offset, length, offset + length].every((n) => Number.isSafeInteger(n) && n >= 0))
      throw corrupt(
        `${name} in a place in ${location}`,
        `${place.get('length')} bytes at ${place.get('offset')}`,
      );
    return { ...known, fields, range: { path: location, offset, length } };
  }
  if (!raw) return { ...known, fields: [...fields, ...external], range: undefined };
  if (raw.length !== size) throw corrupt(`${name} of ${size} bytes`, `${raw.length} bytes`);
  return { ...known, fields, range: { path, ...raw } };
}

interface TensorFacts {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Where its bytes are if they are in a file: `location`, `offset`, `length`. */
  readonly place: ReadonlyMap<string, string>;
}

function tensorFacts(tensor: Uint8Array, corrupt: Corrupt): TensorFacts {
  const dims: number[] = [];
  const place = new Map<string, string>();
  let [name, dataType] = ['', 0];
  for (const { number, type, value, content } of readFields(tensor, corrupt)) {
    if (number === 1 && type === VARINT) dims.push(value);
    if (number === 1 && type === LENGTH) for (const size of readVarints(content, corrupt)) dims.push(size);
    if (dims.length > MAX_RANK) throw corrupt('a tensor', 'one of too many dimensions');
    if (number === 2) dataType = value;
    if (number === 8 && type === LENGTH) name = text(content, corrupt);
    if (number === 13 && type === LENGTH) place.set(...keyAndValue(content, corrupt));
  }
  return { name, dims, dataType, place };
}

/** StringStringEntryProto. */
function keyAndValue(entry: Uint8Array, corrupt: Corrupt): [key: string, value: string] {
  let [key, value] = ['', ''];
  for (const { number, type, content } of readFields(entry, corrupt)) {
    if (number === 1 && type === LENGTH) key = text(content, corrupt);
    if (number === 2 && type === LENGTH) value = text(content, corrupt);
  }
  return [key, value];
}

/** The files that a node's tensors name: NodeProto attribute 5; AttributeProto t 5, g 6, tensors 10, graphs 11. */
function* nodeLocations(node: Uint8Array, corrupt: Corrupt, depth: number): Generator<string> {
  if (depth > MAX_DEPTH) throw corrupt(`at most ${MAX_DEPTH} graphs within each other`, 'more');
  for (const attribute of readFields(node, corrupt)) {
    if (attribute.number !== 5 || attribute.type !== LENGTH) continue;
    for (const { number, type, content } of readFields(attribute.content, corrupt)) {
      if (type !== LENGTH) continue;
      if (number === 5 || number === 10) yield* tensorLocation(content, corrupt);
      if (number !== 6 && number !== 11) continue;
      for (const inner of readFields(content, corrupt)) {
        if (inner.type !== LENGTH) continue;
        if (inner.number === 1) yield* nodeLocations(inner.content, corrupt, depth + 1);
        if (inner.number === 5) yield* tensorLocation(inner.content, corrupt);
      }
    }
  }
}

function* tensorLocation(tensor: Uint8Array, corrupt: Corrupt): Generator<string> {
  const location = tensorFacts(tensor, corrupt).place.get('location');
  if (location !== undefined) yield location;
}

/** ValueInfoProto: name 1, type 2; TypeProto: tensor_type 1; its Tensor: elem_type 1, shape 2. */
function graphValue(message: Uint8Array, corrupt: Corrupt): GraphValue {
  let [name, elementType]: [string, number] = ['', 0];
  let dims: (number | string | null)[] | null = null;
  for (const { number, type, content } of readFields(message, corrupt)) {
    if (type !== LENGTH) continue;
    if (number === 1) name = text(content, corrupt);
    for (const kind of number === 2 ? readFields(content, corrupt) : [])
      for (const tensor of kind.number === 1 && kind.type === LENGTH
        ? readFields(kind.content, corrupt)
        : []) {
        if (tensor.number === 1) elementType = tensor.value;
        if (tensor.number === 2 && tensor.type === LENGTH) dims = dimensions(tensor.content, corrupt);
      }
  }
  return { name, dtype: dtypeOf(elementType), dims };
}

/** TensorShapeProto: dim 1; Dimension: dim_value 1 or dim_param 2. */
function dimensions(shape: Uint8Array, corrupt: Corrupt): (number | string | null)[] {
  return [...readFields(shape, corrupt)].map((dim) => {
    let size: number | string | null = null;
    for (const { number, type, value, content } of dim.number === 1 ? readFields(dim.content, corrupt) : []) {
      // Some exporters write a free size as 0 or -1.
      if (number === 1 && type === VARINT) size = value > 0 && Number.isSafeInteger(value) ? value : null;
      if (number === 2 && type === LENGTH) size = text(content, corrupt) || null;
    }
    return size;
  });
}

function text(content: Uint8Array, corrupt: Corrupt): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw corrupt('text', 'bytes that are not UTF-8');
  }
}
