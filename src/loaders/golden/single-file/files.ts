import { readTensors, type StoredTensor } from '../../../checkpoint/weights.ts';
import { elementCount } from '../../../numerics/tensor.ts';
import { readSingleFile, type SingleFile } from '../../single-file/single-file.ts';

export type TensorShapes = Readonly<Record<string, readonly number[]>>;
export type Configs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A file of golden/single_file.py: names and shapes in it, and what diffusers makes of it. */
export interface Golden {
  readonly file: TensorShapes;
  readonly components: Readonly<
    Record<string, Readonly<Record<string, readonly [number[], sha256: string]>>>
  >;
  readonly configs: Configs;
}

/** The same of a real model, without bytes. */
export interface FullSize {
  readonly file: TensorShapes;
  readonly components: Readonly<Record<string, TensorShapes>>;
  readonly configs: Configs;
}

const BYTES = { I64: 8, F32: 4, F16: 2, BF16: 2 };
export type Dtype = Exclude<keyof typeof BYTES, 'I64'>;

/** As golden/single_file.py's `write` has it: header, and how many bytes follow. */
function header(shapes: TensorShapes, dtype: Dtype): { head: Blob; length: number } {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const type = name.endsWith('position_ids') ? 'I64' : dtype;
    const begin = end;
    end += elementCount(shape) * BYTES[type];
    return [name, { dtype: type, shape, data_offsets: [begin, end] }];
  });
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setBigUint64(0, BigInt(json.length), true);
  return { head: new Blob([prefix, json]), length: end };
}

/** The values that golden/single_file.py fills files with; a float32 is the bfloat16 of the same bits. */
function checkpoint(shapes: TensorShapes, dtype: Dtype): Blob {
  const { head, length } = header(shapes, dtype);
  const bits = new Uint16Array(Math.ceil(length / BYTES[dtype]));
  for (let i = 0; i < bits.length; i++) bits[i] = (Math.imul(i, 0x9e3779b1) >>> 16) & 0xbfff;
  return new Blob([head, dtype === 'F32' ? widened(bits) : bits]);
}

/** bfloat16 or float32 of the same upper bits. */
export function widened(bits: Uint16Array): Uint32Array<ArrayBuffer> {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = (bits[i] as number) << 16;
  return wide;
}

export async function read(shapes: TensorShapes, dtype: Dtype = 'F16'): Promise<SingleFile> {
  return readSingleFile('x.safetensors', await readTensors('x.safetensors', checkpoint(shapes, dtype)));
}

/** Tensors in float16 of which only the header is there to be read. */
export async function headerOnly(shapes: TensorShapes): Promise<Map<string, StoredTensor>> {
  const { head, length } = header(shapes, 'F16');
  const file = { size: head.size + length, slice: (from: number, to: number) => head.slice(from, to) };
  return readTensors('x.safetensors', file as Blob);
}

export async function readHeader(shapes: TensorShapes): Promise<SingleFile> {
  return readSingleFile('x.safetensors', await headerOnly(shapes));
}
