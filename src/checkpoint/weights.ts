import type { DType, Graph, Value } from '../graph/graph.ts';
import { cast, type QuantizedWeight } from '../graph/nn.ts';
import { bfloat16ToFloat32 } from '../numerics/half.ts';
import { unsupportedModel } from '../protocol/errors.ts';
import { readSafetensors, type TensorEntry } from './safetensors.ts';

const DTYPES: Partial<Record<TensorEntry['dtype'], DType>> = { F32: 'float32', F16: 'float16' };

/** How many neighbours in a row of a quantised matrix share a scale (checkpoint/quantize.ts). */
export const QUANTIZED_BLOCK = 32;

/** AutoencoderKL files written before diffusers 0.18 (modeling_utils.py, _fix_state_dict_keys_on_load). */
const OLD_NAMES: Readonly<Record<string, string>> = {
  to_q: 'query',
  to_k: 'key',
  to_v: 'value',
  'to_out.0': 'proj_attn',
};

/** Buffers that old checkpoints contain and no model reads. */
const IGNORED = /(^|\.)position_ids$/;

/** A tensor and the file that it is in; `path` is the file's name. */
export interface StoredTensor extends TensorEntry {
  readonly path: string;
  readonly blob: Blob;
}

/** Tensors by name; each may be in a file of its own. */
export type Tensors = ReadonlyMap<string, StoredTensor>;

/** The tensors of a .safetensors file; only the header is read. @throws AppError corrupt-file */
export async function readTensors(path: string, blob: Blob): Promise<Map<string, StoredTensor>> {
  const entries = [...(await readSafetensors(path, blob))];
  return new Map(entries.map(([name, entry]) => [name, { ...entry, path, blob }]));
}

/**
 * The same tensors with bfloat16 widened to float32, each of those in a file of its own: the WebGPU build of onnxruntime
 * cannot even cast from bfloat16.
 */
export async function widenTensors(tensors: Tensors): Promise<Tensors> {
  const wide = new Map(tensors);
  for (const [name, tensor] of tensors)
    if (tensor.dtype === 'BF16') wide.set(name, await widened(name, tensor));
  return wide;
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
  static async open(path: string, blob: Blob): Promise<Weights> {
    return Weights.of(path, await widenTensors(await readTensors(path, blob)));
  }

  /** A module within this one. */
  at(...path: readonly (string | number)[]): Weights {
    return new Weights(this.#file, `${this.#prefix}${path.join('.')}.`);
  }

  /** Whether this module has a tensor of this name. */
  has(name: string): boolean {
    return this.#resolve(name) !== undefined;
  }

  /**
   * Adds a tensor of this shape to the graph, in the graph's dtype; `view` is another shape for the same values. A checkpoint
   * of another dtype goes through a Cast, which onnxruntime computes while it loads.
   * @throws AppError unsupported-model when the tensor is missing, or of another shape or type
   */
  get(g: Graph, name: string, shape: readonly number[], view: readonly number[] = shape): Value {
    return cast(g, this.#stored(g, name, shape, view, DTYPES), g.target.dtype);
  }

  /**
   * Adds a matrix [rows, columns] as checkpoint/quantize.ts writes it; undefined when it is not quantised.
   * @throws AppError unsupported-model when it is of another shape
   */
  getQuantized(g: Graph, name: string, rows: number, columns: number): QuantizedWeight | undefined {
    if (this.#file.entries.get(`${this.#prefix}${name}`)?.dtype !== 'U8') return undefined;
    const blocks = columns / QUANTIZED_BLOCK;
    const isFourBit = this.has(`${name}.zero_points`);
    const bytes = (part: string, shape: readonly number[]) =>
      this.#stored(g, part, shape, shape, { U8: 'uint8' });
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

  /** A tensor in the type that it is stored in, which must be one of `types`. */
  #stored(
    g: Graph,
    name: string,
    shape: readonly number[],
    view: readonly number[],
    types: typeof DTYPES,
  ): Value {
    const { path, entries, used } = this.#file;
    const full = this.#resolve(name) ?? `${this.#prefix}${name}`;
    const entry = entries.get(full);
    const dtype = entry && types[entry.dtype];
    const fits = entry && dtype && sameShape(entry.shape, shape);
    if (!fits) {
      const expected = `${full} [${shape}]`;
      const found = entry ? `${entry.dtype} [${entry.shape}]` : 'no such tensor';
      throw unsupportedModel(path, expected, found);
    }
    used.add(full);
    const { path: location, offset, length, blob } = entry;
    return g.weight(full, dtype, view, { path: location, offset, length }, blob);
  }

  #resolve(name: string): string | undefined {
    const full = `${this.#prefix}${name}`;
    if (this.#file.entries.has(full)) return full;
    const old = Object.entries(OLD_NAMES).find(([now]) => full.includes(`.attentions.0.${now}.`));
    const former = old && full.replace(`.${old[0]}.`, `.${old[1]}.`);
    return former && this.#file.entries.has(former) ? former : undefined;
  }
}

async function widened(
  name: string,
  { shape, offset, length, path, blob }: StoredTensor,
): Promise<StoredTensor> {
  const bytes = await blob.slice(offset, offset + length).arrayBuffer();
  const values = bfloat16ToFloat32(new Uint16Array(bytes));
  return {
    dtype: 'F32',
    shape,
    offset: 0,
    length: 2 * length,
    path: `${path}/${name}`,
    blob: new Blob([values]),
  };
}

function sameShape(found: readonly number[], expected: readonly number[]): boolean {
  return found.length === expected.length && found.every((n, i) => n === expected[i]);
}
