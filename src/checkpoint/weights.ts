import type { DType, Graph, Value } from '../onnx/graph.ts';
import { cast } from '../onnx/nn.ts';
import { AppError } from '../protocol/errors.ts';
import { readSafetensors, type TensorEntry } from './safetensors.ts';

const DTYPES: Partial<Record<TensorEntry['dtype'], DType>> = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' };

/** AutoencoderKL files written before diffusers 0.18 (modeling_utils.py, _fix_state_dict_keys_on_load). */
const OLD_NAMES: Readonly<Record<string, string>> = { to_q: 'query', to_k: 'key', to_v: 'value', 'to_out.0': 'proj_attn' };

/** Buffers that old checkpoints carry and no model reads. */
const IGNORED = /(^|\.)position_ids$/;

interface File {
  readonly path: string;
  readonly blob: Blob;
  readonly entries: ReadonlyMap<string, TensorEntry>;
  readonly used: Set<string>;
}

/**
 * A checkpoint seen from one module of it. The path in code is the path in the file:
 * `weights.at('down_blocks', 0, 'resnets', 1).get(g, 'conv1.weight', [320, 320, 3, 3])`.
 */
export class Weights {
  readonly #file: File;
  readonly #prefix: string;

  private constructor(file: File, prefix: string) {
    this.#file = file;
    this.#prefix = prefix;
  }

  /** Reads the header only. @throws AppError corrupt-file */
  static async open(path: string, blob: Blob): Promise<Weights> {
    return new Weights({ path, blob, entries: await readSafetensors(path, blob), used: new Set() }, '');
  }

  /** The same file from a module further in. */
  at(...path: readonly (string | number)[]): Weights {
    return new Weights(this.#file, `${this.#prefix}${path.join('.')}.`);
  }

  has(name: string): boolean {
    return this.#resolve(name) !== undefined;
  }

  /**
   * A tensor in the graph's dtype; `view` is another shape of the same values. A checkpoint of another dtype goes
   * through a Cast that the runtime folds away while loading.
   * @throws AppError unsupported-model when the tensor is missing or of another shape or type
   */
  get(g: Graph, name: string, shape: readonly number[], view: readonly number[] = shape): Value {
    const { path, blob, entries, used } = this.#file;
    const full = this.#resolve(name) ?? `${this.#prefix}${name}`;
    const entry = entries.get(full);
    const dtype = entry && DTYPES[entry.dtype];
    const fits = entry && dtype && sameValues(entry.shape, shape);
    if (!fits) {
      const expected = `${full} [${shape}]`;
      const found = entry ? `${entry.dtype} [${entry.shape}]` : 'no such tensor';
      throw new AppError('unsupported-model', `${path}: expected ${expected}, found ${found}.`, { file: path, expected, found });
    }
    used.add(full);
    const range = { path, offset: entry.offset, length: entry.length };
    return cast(g, g.weight(full, dtype, view, range, blob), g.target.dtype);
  }

  /** Tensors that no `get` has asked for: empty when the graph is the checkpoint's. */
  unused(): string[] {
    return [...this.#file.entries.keys()].filter((name) => !this.#file.used.has(name) && !IGNORED.test(name));
  }

  #resolve(name: string): string | undefined {
    const full = `${this.#prefix}${name}`;
    if (this.#file.entries.has(full)) return full;
    const old = Object.entries(OLD_NAMES).find(([now]) => full.includes(`.attentions.0.${now}.`));
    const former = old && full.replace(`.${old[0]}.`, `.${old[1]}.`);
    return former && this.#file.entries.has(former) ? former : undefined;
  }
}

/** Equal shapes, or the same matrix stored as a 1×1 convolution. */
function sameValues(found: readonly number[], expected: readonly number[]): boolean {
  return found.length === expected.length && found.every((n, i) => n === expected[i]);
}
