import type { StoredTensor } from '../../checkpoint/weights.ts';
import type { Change } from './single-file-keys.ts';

type Named = readonly [name: string, tensor: StoredTensor];

/**
 * A tensor under diffusers' name, or parts of it under several names. All but a transposed matrix stay in the file, with
 * another shape or another range of bytes.
 * @param location the path of a transposed matrix, which becomes a file of its own
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

/** [3W, …] → [W, …]: one third of in_proj_weight or in_proj_bias of torch's nn.MultiheadAttention. */
function third(tensor: StoredTensor, i: number): StoredTensor {
  const [rows = 0, ...rest] = tensor.shape;
  const length = tensor.length / 3;
  return { ...tensor, shape: [rows / 3, ...rest], offset: tensor.offset + i * length, length };
}

/** [in, out] → [out, in], in a new file. */
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
