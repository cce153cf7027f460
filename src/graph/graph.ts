import type { ByteSource } from './byte-source.ts';

/** Element types that only weights have: kernels of our own read them as they lie, and compute in others. */
export type WeightDType = 'bfloat16' | 'float8e4m3fn' | 'float8e5m2';
/** Element types that are computed in. */
export type ComputedDType = 'float32' | 'float16' | 'int32' | 'int64' | 'uint8';

/** Element types of a tensor, by ONNX's names. */
export type DType = ComputedDType | WeightDType;

/** The bytes of one number, by the type that a device computes in. */
export const FLOAT_BYTES = { float16: 2, float32: 4 } as const;

/** What a graph is built for: the provider decides the operators, the dtype is that of everything inside. */
export interface GraphTarget {
  readonly provider: 'webgpu' | 'wasm';
  readonly dtype: 'float32' | 'float16';
  /** Whether kernels of our own run it (kernels/), which need no way around what onnxruntime's cannot do. */
  readonly ownKernels?: boolean;
}

/** A tensor in a graph; its name is unique there. */
export interface Value {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

/** What a graph is fed. */
export interface Input extends Value {
  /** The same in many runs, such as a text: what depends on such inputs alone is not computed in each of them. */
  readonly isSteady: boolean;
  /** It is not fed: another run has kept it on the device (kept-tensors.ts). */
  readonly isKept?: true;
}

/** What a run returns, or keeps on the device. */
export interface Output extends Value {
  readonly isKept?: true;
}

/**
 * The values of inputs by name, row-major; their shapes are the graph's. A steady input's array never changes: other values are
 * another array.
 */
export type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;

/** A tensor whose values are part of the graph, row-major. */
export interface Constant extends Value {
  readonly data: Float32Array | Int32Array | BigInt64Array;
}

/** Where in a file a tensor's values are: row-major, little-endian; offset and length in bytes. */
export interface ByteRange {
  /** The file's name in `Graph.files`. */
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** A tensor whose values stay in a file. */
export interface ExternalTensor extends Value {
  readonly range: ByteRange;
}

/** A tensor that is known before the graph runs. */
export type Initializer = Constant | ExternalTensor;

/** What an attribute of an operator may hold. */
export type Attribute = number | string | readonly number[];

/** One operation, by ONNX's operator name and attributes (https://onnx.ai/onnx/operators). */
export interface GraphNode {
  readonly op: string;
  /** Empty for ONNX's own operators. */
  readonly domain: '' | 'com.microsoft';
  /** An optional input that is left out is `null`. */
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** What a node is besides its operator, inputs and output shapes. */
export interface OpOptions {
  readonly attributes?: GraphNode['attributes'];
  /** Of the results; the first input's by default. */
  readonly dtype?: DType;
  readonly domain?: GraphNode['domain'];
}

/** A larger constant is not compared with the ones before it. */
const COMPARED_LENGTH = 64;

/** A computation as data. Nodes stand in the order they run in, and the shape of every tensor is known. */
export class Graph {
  readonly name: string;
  readonly target: GraphTarget;
  readonly #inputs: Input[] = [];
  readonly #outputs: Output[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #initializers = new Map<string, Initializer>();
  readonly #files = new Map<string, ByteSource>();
  #count = 0;

  constructor(name: string, target: GraphTarget) {
    this.name = name;
    this.target = target;
  }

  /** What a run is fed. */
  get inputs(): readonly Input[] {
    return this.#inputs;
  }

  /** What a run returns, and what it keeps. */
  get outputs(): readonly Output[] {
    return this.#outputs;
  }

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  /** By name. */
  get initializers(): ReadonlyMap<string, Initializer> {
    return this.#initializers;
  }

  /** The files that external tensors are in, by the `path` of their ranges. */
  get files(): ReadonlyMap<string, ByteSource> {
    return this.#files;
  }

  /** Adds an input. */
  input(name: string, dtype: DType, shape: readonly number[]): Value {
    return this.#input({ name, dtype, shape, isSteady: false });
  }

  /** Adds an input that is the same in many runs. */
  steadyInput(name: string, dtype: DType, shape: readonly number[]): Value {
    return this.#input({ name, dtype, shape, isSteady: true });
  }

  /** Adds an input that another run has kept under this name. */
  keptInput(name: string, dtype: DType, shape: readonly number[]): Value {
    return this.#input({ name, dtype, shape, isSteady: false, isKept: true });
  }

  #input(input: Input): Value {
    this.#inputs.push(input);
    return input;
  }

  /** Returns `value` from every run, under `name`. */
  output(name: string, value: Value): void {
    this.#output(value, { name, dtype: value.dtype, shape: value.shape });
  }

  /** Keeps `value` on the device under `name`, for another run. */
  keep(name: string, value: Value): void {
    this.#output(value, { name, dtype: value.dtype, shape: value.shape, isKept: true });
  }

  #output(value: Value, result: Output): void {
    this.#nodes.push({ op: 'Identity', domain: '', inputs: [value], outputs: [result], attributes: {} });
    this.#outputs.push(result);
  }

  /** Adds a node with one result of the given shape. */
  op(
    type: string,
    inputs: readonly (Value | null)[],
    shape: readonly number[],
    options: OpOptions = {},
  ): Value {
    return this.ops(type, inputs, [shape], options)[0] as Value;
  }

  /** Adds a node with a result of each of the given shapes. */
  ops(
    type: string,
    inputs: readonly (Value | null)[],
    shapes: readonly (readonly number[])[],
    { attributes = {}, dtype = inputs[0]?.dtype ?? 'float32', domain = '' }: OpOptions = {},
  ): Value[] {
    const outputs = shapes.map((shape) => ({ name: `${type}_${this.#count++}`, dtype, shape }));
    this.#nodes.push({ op: type, domain, inputs, outputs, attributes });
    return outputs;
  }

  /** A small tensor in the graph itself; equal ones become one. `data` must not change afterwards. */
  constant(data: Constant['data'], shape: readonly number[]): Value {
    const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'int64';
    const isLarge = data.length > COMPARED_LENGTH;
    const name = isLarge ? `constant_${this.#count++}` : `${dtype}[${shape}]${data.join()}`;
    return this.#initializer({ name, dtype, shape, data });
  }

  /** A tensor that stays where it is in `file`. `shape` may be any view of the same values. */
  weight(name: string, dtype: DType, shape: readonly number[], range: ByteRange, file: ByteSource): Value {
    this.#files.set(range.path, file);
    return this.#initializer({ name: `${name}[${shape}]`, dtype, shape, range });
  }

  #initializer(added: Initializer): Initializer {
    const known = this.#initializers.get(added.name);
    if (!known) this.#initializers.set(added.name, added);
    return known ?? added;
  }
}
