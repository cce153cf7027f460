import { MessageWriter } from './protobuf.ts';

/** Element types, with their numbers in onnx.proto's TensorProto.DataType. */
const DATA_TYPES = { float32: 1, int32: 6, int64: 7, float16: 10, bfloat16: 16 } as const;

export type DType = keyof typeof DATA_TYPES;

export interface ValueInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** An edge of the graph: an input, a constant, a weight or a node's output. */
export type Value = ValueInfo;

/** What the graph is built for: where it runs and the type it computes in. */
export interface GraphTarget {
  readonly provider: 'webgpu' | 'wasm';
  readonly dtype: 'float32' | 'float16';
}

/** An ONNX graph without weights, and the files its initializers point into. */
export interface OnnxModel {
  readonly name: string;
  /** The encoded ModelProto. */
  readonly bytes: Uint8Array;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly externalData: readonly ExternalFile[];
}

/** A file that holds weights, under the name the graph calls it by. */
export interface ExternalFile {
  readonly path: string;
  readonly data: Blob;
}

/** Bytes of a file that are a tensor, little-endian and row-major. */
export interface WeightRange extends ValueInfo {
  readonly file: ExternalFile;
  readonly offset: number;
  readonly length: number;
}

/** A node attribute; the key says its type, since JavaScript's numbers do not. */
export type Attribute =
  | { readonly int: number }
  | { readonly ints: readonly number[] }
  | { readonly float: number }
  | { readonly string: string };

export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Empty for ONNX's own operators. */
  readonly domain?: 'com.microsoft';
}

const IR_VERSION = 10;
const OPSETS = { '': 21, 'com.microsoft': 1 };

/** Builds an ONNX model, every shape known as it goes (onnx/onnx.proto, field numbers as there). */
export class Graph {
  readonly name: string;
  readonly target: GraphTarget;
  readonly #graph = new MessageWriter();
  readonly #inputs: Value[] = [];
  readonly #outputs: Value[] = [];
  readonly #initializers = new Map<string, Value>();
  readonly #files = new Map<string, ExternalFile>();
  #values = 0;

  constructor(name: string, target: GraphTarget) {
    this.name = name;
    this.target = target;
  }

  input(name: string, dtype: DType, shape: readonly number[]): Value {
    const value = { name, dtype, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Adds a node with one output. */
  op(
    opType: string,
    inputs: readonly Value[],
    shape: readonly number[],
    options: NodeOptions & { readonly dtype?: DType } = {},
  ): Value {
    const dtype = options.dtype ?? (inputs[0] as Value).dtype;
    const output = { name: `${opType}_${this.#values++}`, dtype, shape };
    this.#node(opType, inputs, [output], options);
    return output;
  }

  /** A tensor inside the graph; for small things only. Equal ones are stored once. */
  constant(dtype: DType, shape: readonly number[], values: readonly number[]): Value {
    const name = `${dtype}[${shape}](${values.length > 8 ? `#${this.#initializers.size}` : values})`;
    const known = this.#initializers.get(name);
    if (known) return known;
    const tensor = tensorHeader({ name, dtype, shape });
    tensor.bytes(9, encodeValues(dtype, values));
    return this.#initializer({ name, dtype, shape }, tensor);
  }

  /** A tensor that lies in a file: ONNX external data. The same name again is the same tensor. */
  weight(range: WeightRange): Value {
    const known = this.#initializers.get(range.name);
    if (known) return known;
    const { name, dtype, shape, file } = range;
    const tensor = tensorHeader(range);
    for (const [key, value] of [
      ['location', file.path],
      ['offset', `${range.offset}`],
      ['length', `${range.length}`],
    ] as const) {
      const entry = new MessageWriter();
      entry.bytes(1, key);
      entry.bytes(2, value);
      tensor.bytes(13, entry);
    }
    tensor.int(14, 1);
    this.#files.set(file.path, file);
    return this.#initializer({ name, dtype, shape }, tensor);
  }

  /** Makes `value` an output called `name`. */
  output(name: string, value: Value): void {
    const output = { ...value, name };
    this.#node('Identity', [value], [output], {});
    this.#outputs.push(output);
  }

  /** The finished model. The graph is not to be used after it. */
  encode(): OnnxModel {
    this.#graph.bytes(2, this.name);
    for (const value of this.#inputs) this.#graph.bytes(11, valueInfo(value));
    for (const value of this.#outputs) this.#graph.bytes(12, valueInfo(value));
    const model = new MessageWriter();
    model.int(1, IR_VERSION);
    for (const [domain, version] of Object.entries(OPSETS)) {
      const opset = new MessageWriter();
      opset.bytes(1, domain);
      opset.int(2, version);
      model.bytes(8, opset);
    }
    model.bytes(7, this.#graph);
    return {
      name: this.name,
      bytes: model.finish(),
      inputs: this.#inputs,
      outputs: this.#outputs,
      externalData: [...this.#files.values()],
    };
  }

  #node(opType: string, inputs: readonly Value[], outputs: readonly Value[], options: NodeOptions): void {
    const node = new MessageWriter();
    for (const input of inputs) node.bytes(1, input.name);
    for (const output of outputs) node.bytes(2, output.name);
    node.bytes(3, (outputs[0] as Value).name);
    node.bytes(4, opType);
    for (const [name, value] of Object.entries(options.attributes ?? {})) node.bytes(5, attribute(name, value));
    if (options.domain) node.bytes(7, options.domain);
    this.#graph.bytes(1, node);
  }

  #initializer(value: Value, tensor: MessageWriter): Value {
    this.#graph.bytes(5, tensor);
    this.#initializers.set(value.name, value);
    return value;
  }
}

function tensorHeader({ name, dtype, shape }: ValueInfo): MessageWriter {
  const tensor = new MessageWriter();
  if (shape.length > 0) tensor.ints(1, shape);
  tensor.int(2, DATA_TYPES[dtype]);
  tensor.bytes(8, name);
  return tensor;
}

function valueInfo({ name, dtype, shape }: ValueInfo): MessageWriter {
  const dims = new MessageWriter();
  for (const size of shape) {
    const dim = new MessageWriter();
    dim.int(1, size);
    dims.bytes(1, dim);
  }
  const tensorType = new MessageWriter();
  tensorType.int(1, DATA_TYPES[dtype]);
  tensorType.bytes(2, dims);
  const type = new MessageWriter();
  type.bytes(1, tensorType);
  const info = new MessageWriter();
  info.bytes(1, name);
  info.bytes(2, type);
  return info;
}

function attribute(name: string, value: Attribute): MessageWriter {
  const message = new MessageWriter();
  message.bytes(1, name);
  if ('float' in value) {
    message.float(2, value.float);
    message.int(20, 1);
  } else if ('int' in value) {
    message.int(3, value.int);
    message.int(20, 2);
  } else if ('string' in value) {
    message.bytes(4, value.string);
    message.int(20, 3);
  } else {
    message.ints(8, value.ints);
    message.int(20, 7);
  }
  return message;
}

function encodeValues(dtype: DType, values: readonly number[]): Uint8Array {
  if (dtype === 'float32') return new Uint8Array(Float32Array.from(values).buffer);
  if (dtype === 'int32') return new Uint8Array(Int32Array.from(values).buffer);
  if (dtype === 'int64') return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  throw new RangeError(`no constants of ${dtype}: cast a float32 one`);
}
