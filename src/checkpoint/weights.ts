import type { ByteSource } from '../graph/byte-source.ts';
import { type DType, FLOAT_BYTES, type Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import { cast, dequantize } from '../graph/nn.ts';
import type { QuantizedWeight } from '../graph/quantized-linear.ts';
import { elementCount } from '../numerics/tensor.ts';
import { unsupportedModel } from '../protocol/errors.ts';
import {
  blockOf,
  CastSource,
  type GraphDtype,
  isFloat,
  RepeatedScale,
  readFloats,
  type Scale,
} from './floats.ts';
import { BLOCK_TYPES, type BlockType, type BlockTypeName } from './gguf/blocks.ts';
import { packedBlocks } from './gguf/packed-blocks.ts';
import { GGML, readGguf } from './gguf/read-gguf.ts';
import { readSafetensors, type TensorEntry } from './safetensors.ts';

const DTYPES: Readonly<Record<string, DType>> = {
  ...{ F32: 'float32', F16: 'float16', U8: 'uint8' },
  ...{ BF16: 'bfloat16', F8_E4M3: 'float8e4m3fn', F8_E5M2: 'float8e5m2' },
};
/** What kernels of our own read as it lies, in at most 16 bits. */
const KEPT = /^(F16|BF16|F8_E4M3|F8_E5M2)$/;

/** How many neighbours in a row of a quantised matrix share a scale (checkpoint/quantize.ts). */
export const QUANTIZED_BLOCK = 32;

/** The tensors beside a `weight` that it is to be multiplied by, as ComfyUI calls them and as it once did. */
const SCALES = ['weight_scale', 'scale_weight'];
/** What else ComfyUI keeps beside such a weight: for kernels that multiply in float8, and to say that it is one. */
const BESIDE_SCALES = ['input_scale', 'scale_input', 'comfy_quant'];
/** An empty tensor that says that a file has them. */
const SCALED_MARK = /(^|\.)scaled_fp8$/;

/** Buffers that old checkpoints contain and no model reads. */
const IGNORED = /(^|\.)position_ids$/;

/** A tensor and the file that it is in; `path` is the file's name. */
export interface StoredTensor extends TensorEntry {
  readonly path: string;
  readonly blob: ByteSource;
  /** What all its numbers are to be multiplied by; `readValues` does. */
  readonly scale?: Scale;
}

/** Tensors by name; each may be in a file of its own. */
export type Tensors = ReadonlyMap<string, StoredTensor>;

const GGUF_FILE = /\.gguf$/i;

/**
 * The tensors of a .safetensors file, those of scaled float8 with their scales, or of a GGUF file; only the header is read.
 * @throws AppError corrupt-file; unsupported-model for a GGUF file of another kind of model, or of blocks that are not read
 */
export async function readTensors(path: string, blob: ByteSource): Promise<Map<string, StoredTensor>> {
  const entries = [...(await (GGUF_FILE.test(path) ? readGguf : readSafetensors)(path, blob))];
  return withoutScales(new Map(entries.map(([name, entry]) => [name, { ...entry, path, blob }])));
}

/** The same tensors with those that graphs cannot have as float32, or as float16 where that holds all of their numbers. */
export function widenTensors(tensors: Tensors): Tensors {
  const wide = ([name, tensor]: [string, StoredTensor]) =>
    [
      name,
      castTensor(name, tensor, /^F(16|8_)/.test(tensor.dtype) && !tensor.scale ? 'F16' : 'F32'),
    ] as const;
  return new Map([...tensors].map(wide));
}

/** A tensor's numbers as float32. @throws TypeError where they are no floating-point numbers */
export function readValues(tensor: StoredTensor): Promise<Float32Array<ArrayBuffer>> {
  if (!isFloat(tensor.dtype)) throw new TypeError(`A tensor of ${tensor.dtype} has no floats.`);
  const { blob, offset, length } = tensor.scale ? castTensor('', tensor, 'F32') : tensor;
  return readFloats(tensor.scale ? 'F32' : tensor.dtype, blob.slice(offset, offset + length));
}

/** Whether a component's tensor stays as it lies where it is a product's weight. */
const isKept = ({ ownKernels }: GraphTarget, { dtype }: StoredTensor) =>
  ownKernels === true && KEPT.test(dtype);

/** Bytes that a tensor takes on a device, about: norms and biases, which are cast, are counted as weights. */
export const bytesOn = (target: GraphTarget, tensor: StoredTensor): number =>
  isKept(target, tensor)
    ? tensor.length
    : (blockBytesOn(target, tensor) ?? elementCount(tensor.shape) * FLOAT_BYTES[target.dtype]);

/** The same of a matrix in blocks that stay as they are; undefined of all others. */
function blockBytesOn(target: GraphTarget, tensor: StoredTensor): number | undefined {
  const [, columns = 1, ...kernel] = tensor.shape;
  const type = kernel.every((n) => n === 1) ? keptBlocks(target, tensor, columns) : undefined;
  if (!type) return undefined;
  const perGroup = (type.numbers > type.group ? 4 : FLOAT_BYTES[target.dtype]) + (type.hasMinimums ? 4 : 0);
  return elementCount(tensor.shape) * (type.bits / 8 + perGroup / type.group);
}

/**
 * The same tensors, those of “scaled float8” with their scales: beside each weight stands one number, which it is multiplied by
 * (ComfyUI's comfy/ops.py; comfy_kitchen, TensorCoreFP8Layout). Other scales stay: one for each row or block.
 */
function withoutScales(tensors: Tensors): Map<string, StoredTensor> {
  const result = new Map([...tensors].filter(([name]) => !SCALED_MARK.test(name)));
  for (const [name, tensor] of tensors) {
    if (!/(^|\.)weight$/.test(name) || !/^F8_E(4M3|5M2)$/.test(tensor.dtype)) continue;
    const beside = (part: string) => name.replace(/weight$/, part);
    const scale = SCALES.flatMap((part) => tensors.get(beside(part)) ?? [])[0];
    if (!scale || !isFloat(scale.dtype) || elementCount(scale.shape) !== 1) continue;
    result.set(name, { ...tensor, scale: { dtype: scale.dtype, source: bytesOf(scale) } });
    for (const part of [...SCALES, ...BESIDE_SCALES]) result.delete(beside(part));
  }
  return result;
}

const blocksOf = (dtype: string): BlockType | undefined =>
  dtype.startsWith(GGML) ? BLOCK_TYPES[dtype.slice(GGML.length) as BlockTypeName] : undefined;

const bytesOf = ({ blob, offset, length }: StoredTensor) => blob.slice(offset, offset + length);

/** A tensor that can be cut at any of so many equal parts: one in blocks that would not be whole is float32, as a file of its own. */
export function divisible(
  name: string,
  tensor: StoredTensor,
  parts = elementCount(tensor.shape),
): StoredTensor {
  const { dtype, shape } = tensor;
  const isWhole = !isFloat(dtype) || (elementCount(shape) / parts) % blockOf(dtype).numbers === 0;
  return isWhole ? tensor : castTensor(name, tensor, 'F32');
}

/** A tensor of floating-point numbers in another type, as a file of its own; any other tensor as it is. */
function castTensor(name: string, tensor: StoredTensor, to: GraphDtype): StoredTensor {
  const { dtype, shape, path, scale } = tensor;
  if (dtype === to || !isFloat(dtype)) return tensor;
  const source = new CastSource(bytesOf(tensor), dtype, to, { scale });
  return { dtype: to, shape, offset: 0, length: source.size, path: `${path}/${name}`, blob: source };
}

interface File {
  readonly path: string;
  readonly entries: Tensors;
  readonly used: Set<string>;
}

/**
 * The weights of a module of a checkpoint. The path in code is the path in the file:
 * `weights.at('down_blocks', 0, 'resnets', 1).get(g, 'conv1.weight', [320, 320, 3, 3])`.
 */
export class Weights {
  readonly #file: File;
  readonly #prefix: string;

  private constructor(file: File, prefix: string) {
    this.#file = file;
    this.#prefix = prefix;
  }

  /** @param path the name of the checkpoint in errors */
  static of(path: string, tensors: Tensors): Weights {
    return new Weights({ path, entries: tensors, used: new Set() }, '');
  }

  /** One .safetensors file. @throws AppError corrupt-file */
  static async open(path: string, blob: ByteSource): Promise<Weights> {
    return Weights.of(path, await readTensors(path, blob));
  }

  /** A module within this one. */
  at(...path: readonly (string | number)[]): Weights {
    return new Weights(this.#file, `${this.#prefix}${path.join('.')}.`);
  }

  /** Whether this module has a tensor of this name. */
  has(name: string): boolean {
    return this.#file.entries.has(`${this.#prefix}${name}`);
  }

  /**
   * Adds a tensor of this shape to the graph, in the graph's dtype; `view` is another shape for the same values. Numbers of
   * another type are cast as they are read: onnxruntime would keep what it casts in its heap.
   * @throws AppError unsupported-model when the tensor is missing, or of another shape or type
   */
  get(g: Graph, name: string, shape: readonly number[], view: readonly number[] = shape): Value {
    const { provider, dtype } = g.target;
    const { full, tensor } = this.#find(name, shape, isFloat);
    // The CPU's build takes whole files: halves, which it casts in its heap in any case.
    const isHalf = provider === 'wasm' && tensor.dtype === 'F16';
    const stored = isHalf ? tensor : castTensor(full, tensor, dtype === 'float16' ? 'F16' : 'F32');
    return cast(g, added(g, full, view, stored), dtype);
  }

  /** The same for the weight of a product: kernels of our own take it as it lies, and widen what they read of it. */
  getFactor(g: Graph, name: string, shape: readonly number[], view: readonly number[] = shape): Value {
    const { full, tensor } = this.#find(name, shape, isFloat);
    if (!isKept(g.target, tensor)) return this.get(g, name, shape, view);
    const weight = added(g, full, view, tensor);
    if (!tensor.scale) return cast(g, weight, g.target.dtype);
    const [rows] = shape as [number];
    const blob = new RepeatedScale(tensor.scale, rows);
    const scales = { path: `${tensor.path}/${full}.scales`, offset: 0, length: blob.size, blob };
    return dequantize(
      g,
      weight,
      added(g, `${full}.scales`, [rows], { dtype: 'F32', shape: [rows], ...scales }),
    );
  }

  /**
   * Adds a matrix [rows, columns], or a 1×1 convolution, as checkpoint/quantize.ts writes it, or in ggml's blocks; undefined when
   * it is in neither, or in blocks that only kernels of our own read.
   * @throws AppError unsupported-model when it is of another shape
   */
  getQuantized(g: Graph, name: string, shape: readonly number[]): QuantizedWeight | undefined {
    const [rows, columns] = shape as [number, number];
    const stored = this.#file.entries.get(`${this.#prefix}${name}`);
    const type = stored && keptBlocks(g.target, stored, columns);
    if (type) return addedBlocks(g, this.#find(name, shape, isFloat), rows, columns);
    if (stored?.dtype !== 'U8') return undefined;
    const blocks = columns / QUANTIZED_BLOCK;
    const isFourBit = this.has(`${name}.zero_points`);
    const bytes = (part: string, shape: readonly number[]) => {
      const { full, tensor } = this.#find(part, shape, (type) => type === 'U8');
      return added(g, full, shape, tensor);
    };
    return {
      packed: bytes(name, [rows, blocks, isFourBit ? QUANTIZED_BLOCK / 2 : QUANTIZED_BLOCK]),
      scales: this.get(g, `${name}.scales`, [rows, blocks]),
      zeroPoints: isFourBit ? bytes(`${name}.zero_points`, [rows, Math.ceil(blocks / 2)]) : undefined,
    };
  }

  /** The tensors that no `get` has asked for: none when the graphs are those of the checkpoint. */
  unused(): string[] {
    return [...this.#file.entries.keys()].filter((name) => !this.#file.used.has(name) && !IGNORED.test(name));
  }

  /** A tensor, and its whole name. @throws AppError unsupported-model when it is missing, or of another shape or type */
  #find(name: string, shape: readonly number[], isType: (dtype: string) => boolean) {
    const { path, entries, used } = this.#file;
    const full = `${this.#prefix}${name}`;
    const tensor = entries.get(full);
    if (!tensor || !isType(tensor.dtype) || !sameShape(tensor.shape, shape)) {
      const kind = tensor ? 'other-part' : 'missing-part';
      const found = tensor ? `${full} ${tensor.dtype} [${tensor.shape}]` : 'no such tensor';
      throw unsupportedModel(kind, path, `${full} [${shape}]`, found);
    }
    const scale = SCALES.map((name) => full.replace(/weight$/, name)).find((name) => entries.has(name));
    if (scale !== undefined && scale !== full)
      throw unsupportedModel('unknown-part', path, `${full} as it is used`, scale);
    used.add(full);
    return { full, tensor };
  }
}

/**
 * The type of a matrix' blocks where they stay as they are: onnxruntime reads one scale for 32 numbers, and whole zero points.
 * Rows may begin within a block, not within a group.
 */
function keptBlocks(target: GraphTarget, { dtype }: StoredTensor, columns: number): BlockType | undefined {
  const type = blocksOf(dtype);
  if (!type || columns % type.group !== 0) return undefined;
  return target.ownKernels || (type.numbers === type.group && !type.hasMinimums) ? type : undefined;
}

/** A matrix in blocks, in a graph. */
function addedBlocks(
  g: Graph,
  { full, tensor }: { readonly full: string; readonly tensor: StoredTensor },
  rows: number,
  columns: number,
): QuantizedWeight {
  const type = blocksOf(tensor.dtype) as BlockType;
  const { packed, scales, zeroPoints } = packedBlocks(type, bytesOf(tensor));
  const groups = columns / type.group;
  const part = (name: string, dtype: string, shape: readonly number[], blob: ByteSource) => {
    const path = `${tensor.path}/${full}${name}`;
    const stored = { dtype, shape, offset: 0, length: blob.size, path, blob };
    const isWide = dtype !== 'F16' || g.target.dtype === 'float16';
    return added(g, full + name, shape, isWide ? stored : castTensor(`${full}${name}`, stored, 'F32'));
  };
  return {
    packed: part('.packed', 'U8', [rows, groups, (type.group * type.bits) / 8], packed),
    scales: part('.scales', scales.dtype, [rows, groups], scales.source),
    zeroPoints: zeroPoints && part('.zero_points', 'F32', [rows, groups], zeroPoints),
  };
}

/** The tensor in a graph, in the type that it is stored in. */
function added(g: Graph, name: string, view: readonly number[], tensor: StoredTensor): Value {
  const { dtype, path, offset, length, blob } = tensor;
  return g.weight(name, DTYPES[dtype] as DType, view, { path, offset, length }, blob);
}

function sameShape(found: readonly number[], expected: readonly number[]): boolean {
  return found.length === expected.length && found.every((n, i) => n === expected[i]);
}
