import type { Graph, Value } from '../../graph/graph.ts';
import * as nn from '../../graph/nn.ts';
import { cayley } from '../../numerics/cayley.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { between, type Factor, type LoraChange, viewed } from './change.ts';
import { damaged, factor, fits, has, incomplete, keyOf, type LoraModule } from './module.ts';

/**
 * OFT (Qiu et al. 2023) and BOFT (Liu et al. 2023): rotations of W's rows, in blocks, R = (I + Q)(I − Q)⁻¹ of Q = B − Bᵀ.
 * `oft_blocks` is [count, b, b] for OFT, where each block of rows becomes Rᵀ W; for BOFT [m, count, b, b], m rotations R W, one
 * after another, each of rows that lie further apart. `alpha` limits the norm of Q to alpha · out. `rescale` [out] multiplies
 * the rows. LyCORIS modules/diag_oft.py and boft.py, forward; kohya's networks/oft.py.
 */
export function oft(module: LoraModule): LoraChange | undefined {
  if (!has(module, 'oft_blocks', 'rescale')) return undefined;
  if (!has(module, 'oft_blocks')) throw incomplete(module.lora, module.parts);
  const blocks = factor(module, 'oft_blocks');
  const [size = 0, width] = blocks.shape.slice(-2);
  const [out = 1, ...rest] = module.place.shape;
  const stages = blocks.shape.length === 4 ? (blocks.shape[0] as number) : 1;
  const isButterfly = blocks.shape.length === 4;
  if (blocks.shape.length < 3 || blocks.shape.length > 4 || size !== width || size * stages === 0)
    throw damaged(module, 'oft_blocks');
  const count = blocks.shape.at(-3) as number;
  fits(module, keyOf(module, 'oft_blocks'), size * count, elementCount(rest));
  if (isButterfly && !isButterflyOf(stages, count, size)) throw damaged(module, 'oft_blocks');
  const rescale = has(module, 'rescale') ? viewed(factor(module, 'rescale'), [out, 1]) : undefined;
  if (rescale && elementCount(factor(module, 'rescale').shape) !== out)
    throw damaged(module, 'rescale', 'oft_blocks');
  const limit = (module.numbers.get('alpha') ?? 0) * out;
  const rotations = rotationsOf(blocks, limit, !isButterfly);
  return {
    apply: (g, weight, strength, input) => {
      const r = input(viewed(rotations, [stages * count, size, size]));
      const rotated = isButterfly ? butterfly(g, weight, r, stages) : rotate(g, weight, r);
      const changed = rescale ? nn.mul(g, rotated, input(rescale)) : rotated;
      return between(g, weight, changed, strength);
    },
  };
}

/** Whether rows can be paired at each stage: stage i takes pairs of 2ⁱ · b / 2 rows. */
const isButterflyOf = (stages: number, count: number, size: number) =>
  size % 2 === 0 && (size * count) % (2 ** stages * (size / 2)) === 0;

function rotationsOf(blocks: Factor, limit: number, transposed: boolean): Factor {
  const size = blocks.shape.at(-1) as number;
  return {
    shape: blocks.shape,
    read: async () => {
      const rotations = cayley(await blocks.read(), size, limit);
      if (!transposed) return rotations;
      return rotations.map((_, i) => {
        const [start, place] = [i - (i % size ** 2), i % size ** 2];
        return rotations[start + (place % size) * size + Math.floor(place / size)] as number;
      });
    },
  };
}

/** x [rows, n], its rows in blocks, each multiplied by its own matrix: r [blocks, b, b]. */
function rotate(g: Graph, x: Value, r: Value): Value {
  const [rows, n] = x.shape as [number, number];
  const [count, size] = r.shape as [number, number];
  const product = nn.matmul(g, r, nn.reshape(g, x, [count, size, n]));
  return nn.reshape(g, product, [rows, n]);
}

/** The stages of BOFT: r [stages · blocks, b, b]; in stage i, rows that lie 2ⁱ · b / 2 apart are neighbours. */
function butterfly(g: Graph, x: Value, r: Value, stages: number): Value {
  const [rows, n] = x.shape as [number, number];
  const size = r.shape[1] as number;
  const each = nn.split(g, r, stages, 0);
  return each.reduce((before, stage, i) => {
    const apart = (2 ** i * size) / 2;
    const pairs = rows / (2 * apart);
    const together = nn.transpose(g, nn.reshape(g, before, [pairs, 2, apart, n]), [0, 2, 1, 3]);
    const rotated = rotate(g, nn.reshape(g, together, [rows, n]), stage);
    const back = nn.transpose(g, nn.reshape(g, rotated, [pairs, apart, 2, n]), [0, 2, 1, 3]);
    return nn.reshape(g, back, [rows, n]);
  }, x);
}
