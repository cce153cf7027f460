import { bytes, float, int, join } from './protobuf.ts';

/** Element types, with their numbers in ONNX's TensorProto.DataType. */
const DATA_TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, float16: 10 } as const;
export type DType = keyof typeof DATA_TYPE;

/** What a graph is built for: the provider decides the operators, the dtype is that of everything inside. */
export interface GraphTarget {
  readonly provider: 'webgpu' | 'wasm';
  readonly dtype: 'float32' | 'float16';
}

export interface ValueInfo {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** A tensor in a graph that is being built: a name, and what is known of it. */
export type Value = ValueInfo;

/** Bytes of a file that are a tensor as it lies: row-major, little-endian. */
export interface ByteRange {
  /** The name under which the runtime gets the file. */
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** A model ready for a session: some kilobytes of graph, and the files its weights lie in. */
export interface OnnxModel {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly externalData: readonly { readonly path: string; readonly data: Blob }[];
}

export type Attribute = number | string | readonly number[] | { readonly float: number };

export interface OpOptions {
  /** Integers, strings, lists of integers; a float is written `{ float: 1 }`. */
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Defaults to the first input's. */
  readonly dtype?: DType;
  readonly domain?: 'com.microsoft';
}

const OPSET = 21;
const IR_VERSION = 10;

function attribute(name: string, value: Attribute): Uint8Array {
  const fields = [bytes(1, name)];
  if (typeof value === 'number') fields.push(int(3, value), int(20, 2));
  else if (typeof value === 'string') fields.push(bytes(4, value), int(20, 3));
  else if ('float' in value) fields.push(float(2, value.float), int(20, 1));
  else fields.push(...value.map((item) => int(8, item)), int(20, 7));
  return bytes(5, fields);
}

function valueInfo(field: number, { name, dtype, shape }: ValueInfo): Uint8Array {
  const dims = shape.map((size) => bytes(1, [int(1, size)]));
  const tensor = [int(1, DATA_TYPE[dtype]), bytes(2, dims)];
  return bytes(field, [bytes(1, name), bytes(2, [bytes(1, tensor)])]);
}

/**
 * An ONNX graph under construction. Nodes are added in the order they run; every shape is known as it is written.
 * Weights are external data (onnx.proto, TensorProto.external_data): a file, an offset, a length.
 */
export class Graph {
  readonly name: string;
  readonly target: GraphTarget;
  readonly #nodes: Uint8Array[] = [];
  readonly #initializers = new Map<string, Uint8Array>();
  readonly #inputs: ValueInfo[] = [];
  readonly #outputs: ValueInfo[] = [];
  readonly #files = new Map<string, Blob>();
  #count = 0;

  constructor(name: string, target: GraphTarget) {
    this.name = name;
    this.target = target;
  }

  get nodeCount(): number {
    return this.#nodes.length;
  }

  input(name: string, dtype: DType, shape: readonly number[]): Value {
    const value = { name, dtype, shape };
    this.#inputs.push(value);
    return value;
  }

  /** Names `value` as a result of the graph. */
  output(name: string, value: Value): void {
    const result = { name, dtype: value.dtype, shape: value.shape };
    this.#nodes.push(bytes(1, [bytes(1, value.name), bytes(2, name), bytes(4, 'Identity')]));
    this.#outputs.push(result);
  }

  /** One node with one result of the given shape. An absent optional input is `null`. */
  op(
    type: string,
    inputs: readonly (Value | null)[],
    shape: readonly number[],
    options: OpOptions = {},
  ): Value {
    return this.ops(type, inputs, [shape], options)[0] as Value;
  }

  /** One node with several results. */
  ops(
    type: string,
    inputs: readonly (Value | null)[],
    shapes: readonly (readonly number[])[],
    { attributes = {}, dtype = inputs[0]?.dtype ?? 'float32', domain }: OpOptions = {},
  ): Value[] {
    const results = shapes.map((shape) => ({ name: `${type}_${this.#count++}`, dtype, shape }));
    this.#nodes.push(
      bytes(1, [
        ...inputs.map((value) => bytes(1, value?.name ?? '')),
        ...results.map((value) => bytes(2, value.name)),
        bytes(3, results[0]?.name ?? type),
        bytes(4, type),
        ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
        ...(domain ? [bytes(7, domain)] : []),
      ]),
    );
    return results;
  }

  /** A small tensor inside the graph itself. Equal constants are stored once. */
  constant(data: Float32Array | Int32Array | BigInt64Array, shape: readonly number[]): Value {
    const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = data.length > 64 ? `constant_${this.#count++}` : `${dtype}[${shape}]${data.join()}`;
    if (!this.#initializers.has(key)) this.#initializer({ name: key, dtype, shape }, [bytes(9, raw)]);
    return { name: key, dtype, shape };
  }

  /** A tensor that stays where it lies in `file`. `shape` may be any view of the same bytes. */
  weight(name: string, dtype: DType, shape: readonly number[], range: ByteRange, file: Blob): Value {
    const key = `${name}[${shape}]`;
    this.#files.set(range.path, file);
    if (!this.#initializers.has(key)) {
      const entries = { location: range.path, offset: String(range.offset), length: String(range.length) };
      const pairs = Object.entries(entries).map(([k, v]) => bytes(13, [bytes(1, k), bytes(2, v)]));
      this.#initializer({ name: key, dtype, shape }, [...pairs, int(14, 1)]);
    }
    return { name: key, dtype, shape };
  }

  #initializer({ name, dtype, shape }: ValueInfo, data: readonly Uint8Array[]): void {
    const dims = shape.map((size) => int(1, size));
    this.#initializers.set(name, bytes(5, [...dims, int(2, DATA_TYPE[dtype]), bytes(8, name), ...data]));
  }

  /** The finished ModelProto. */
  encode(): OnnxModel {
    const graph = [
      ...this.#nodes,
      bytes(2, this.name),
      ...this.#initializers.values(),
      ...this.#inputs.map((value) => valueInfo(11, value)),
      ...this.#outputs.map((value) => valueInfo(12, value)),
    ];
    const model = [
      int(1, IR_VERSION),
      bytes(2, 'safelight'),
      bytes(7, graph),
      bytes(8, [bytes(1, ''), int(2, OPSET)]),
      bytes(8, [bytes(1, 'com.microsoft'), int(2, 1)]),
    ];
    const externalData = [...this.#files].map(([path, data]) => ({ path, data }));
    return {
      name: this.name,
      bytes: join(model),
      inputs: this.#inputs,
      outputs: this.#outputs,
      externalData,
    };
  }
}
