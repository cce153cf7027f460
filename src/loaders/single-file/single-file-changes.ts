import { divisible, type StoredTensor } from '../../checkpoint/weights.ts';
import type { ByteSource } from '../../graph/byte-source.ts';
import type { Change } from './single-file-keys.ts';

type Named = readonly [name: string, tensor: StoredTensor];

/**
 * A tensor under diffusers' name, or parts of it under several names. All but a transposed matrix stay in the file, with
 * another shape or another range of bytes.
 * @param location the path of a transposed matrix, which becomes a file of its own
 */
export function changed(
  { name, change }: { readonly name: string; readonly change?: Change | undefined },
  tensor: StoredTensor,
  location: string,
): readonly Named[] {
  const { shape } = tensor;
  switch (change) {
    case undefined:
      return [[name, tensor]];
    case 'matrix':
      return [
        [name, shape.slice(2).every((n) => n === 1) ? { ...tensor, shape: shape.slice(0, 2) } : tensor],
      ];
    case 'qkv': {
      const thirds = divisible(name, tensor, 3);
      return ['q', 'k', 'v'].map((letter, i) => [name.replace('[qkv]', letter), third(thirds, i)]);
    }
    case 'transposed':
      return [[name, transposed(divisible(name, tensor), location)]];
  }
}

/** [3W, …] → [W, …]: one third of in_proj_weight or in_proj_bias of torch's nn.MultiheadAttention. */
function third(tensor: StoredTensor, i: number): StoredTensor {
  const [rows = 0, ...rest] = tensor.shape;
  const length = tensor.length / 3;
  return { ...tensor, shape: [rows / 3, ...rest], offset: tensor.offset + i * length, length };
}

/** [in, out] → [out, in], in a new file that is made when it is read. */
function transposed(tensor: StoredTensor, path: string): StoredTensor {
  const { offset, length, shape, blob } = tensor;
  const [rows = 0, columns = 0] = shape;
  const bytes = length / (rows * columns);
  const read = async () => {
    const from = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    return transposedBytes(from, rows, columns, bytes);
  };
  return { ...tensor, shape: [columns, rows], offset: 0, path, blob: madeSource(length, read) };
}

/** Bytes that are made when they are read. */
function madeSource(size: number, read: () => Promise<Uint8Array<ArrayBuffer>>): ByteSource {
  return {
    size,
    slice: (start, end) =>
      madeSource(Math.min(end, size) - start, async () => (await read()).slice(start, end)),
    arrayBuffer: async () => (await read()).buffer,
  };
}

/** A matrix [rows, columns] of numbers of so many bytes, the other way round. */
function transposedBytes(
  from: Uint8Array,
  rows: number,
  columns: number,
  bytes: number,
): Uint8Array<ArrayBuffer> {
  const to = new Uint8Array(from.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * bytes;
      const target = (column * rows + row) * bytes;
      for (let i = 0; i < bytes; i++) to[target + i] = from[at + i] as number;
    }
  }
  return to;
}
