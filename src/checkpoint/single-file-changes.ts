import type { Change } from './single-file-keys.ts';
import type { StoredTensor } from './weights.ts';

type Named = readonly [name: string, tensor: StoredTensor];

/**
 * A tensor under diffusers' name or names. What can be said by a shape and a range of bytes is said so; only a matrix
 * that must be turned over is read.
 * @param location what a file of its own is called
 */
export async function changed(
  { name, change }: { readonly name: string; readonly change?: Change | undefined },
  tensor: StoredTensor,
  location: string,
): Promise<readonly Named[]> {
  const { shape } = tensor;
  switch (change) {
    case undefined:
      return [[name, tensor]];
    case 'matrix':
      return [
        [name, shape.slice(2).every((n) => n === 1) ? { ...tensor, shape: shape.slice(0, 2) } : tensor],
      ];
    case 'qkv':
      return ['q', 'k', 'v'].map((letter, i) => [name.replace('[qkv]', letter), third(tensor, i)]);
    case 'transposed':
      return [[name, await transposed(tensor, location)]];
  }
}

/** [3W, …] → [W, …]: in_proj_weight and in_proj_bias of torch's nn.MultiheadAttention. */
function third(tensor: StoredTensor, i: number): StoredTensor {
  const [rows = 0, ...rest] = tensor.shape;
  const length = tensor.length / 3;
  return { ...tensor, shape: [rows / 3, ...rest], offset: tensor.offset + i * length, length };
}

/** [in, out] → [out, in], in a file of its own. */
async function transposed(tensor: StoredTensor, path: string): Promise<StoredTensor> {
  const { offset, length, shape } = tensor;
  const [rows = 0, columns = 0] = shape;
  const from = new Uint8Array(await tensor.blob.slice(offset, offset + length).arrayBuffer());
  const to = new Uint8Array(length);
  const bytes = length / (rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * bytes;
      const target = (column * rows + row) * bytes;
      for (let i = 0; i < bytes; i++) to[target + i] = from[at + i] as number;
    }
  }
  return { ...tensor, shape: [columns, rows], offset: 0, path, blob: new Blob([to]) };
}
