import { type Attention, attention } from '../attention.ts';
import { type AttentionTile, attentionLayout } from '../attention-tile.ts';
import type { Storage } from '../kernel.ts';
import { attentionReference } from '../reference/attention.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

const SIZES = [1, 2, 3, 5, 6, 7, 8, 10, 12, 16, 18, 32, 40, 64, 80, 96, 160, 512];
const TILES: readonly AttentionTile[] = [
  { threads: [4, 4], perThread: [1, 4] },
  { threads: [4, 8], perThread: [2, 4] },
  { threads: [5, 3], perThread: [3, 8] },
  { threads: [8, 4], perThread: [8, 4] },
  { threads: [8, 16], perThread: [4, 8] },
];

/** Attention over a few rows: one matrix q|k|v, a matrix and a pair k|v, or three matrices. */
export function attentionCase(draw: Draw, storage: Storage): KernelCase {
  const size = draw.of(SIZES.filter((size) => storage !== 'packed16' || size % 2 === 0));
  const heads = draw.whole(1, size > 64 ? 2 : 5);
  const queries = draw.of([1, 3, 5, 7, 16, 33, 64, 77, 150]);
  const isSelf = draw.random() < 0.5;
  const keys = isSelf ? queries : draw.of([1, 3, 4, 77, 154]);
  const problem: Attention = {
    ...{ batches: draw.whole(1, 3), heads, size, queries, keys, storage },
    parts: partsOf(draw, heads * size, isSelf),
    ...(isSelf && draw.random() < 0.5 ? { causal: true } : {}),
    ...(draw.random() < 0.3 ? { accumulate: 0.75 } : {}),
  };
  const memory = draw.of([16_384, 32_768]);
  const tile = draw.random() < 0.5 ? undefined : TILES[draw.whole(0, TILES.length - 1)];
  const isFit = tile && attentionLayout(tile, size, memory) !== undefined;
  const kernel = attention(problem, memory, isFit ? tile : undefined);

  const rows = [queries, keys, keys] as const;
  const held = problem.parts.map(({ pitch }, i) =>
    stored(storage, draw.numbers(problem.batches * (rows[i] as number) * pitch, 0, i < 2 ? 2 : 1)),
  );
  const [q, k, v] = isSharing(problem) ? [0, 0, 0] : isPair(problem) ? [0, 1, 1] : [0, 1, 2];
  const before = stored(storage, draw.numbers(problem.batches * queries * heads * size));
  const numbers = [q, k, v].map((i) => held[i]?.numbers as Float32Array);
  return {
    title: `${kernel.name}, ${problem.batches}·${heads} × ${queries}×${keys}${problem.accumulate ? ' added' : ''}`,
    buffers: [...held.map(({ bytes }) => bytes), before.bytes],
    steps: [{ kernel, bindings: [q, k, v, 3] }],
    ...{ result: 3, storage, tolerance: toleranceOf(storage) },
    expected: attentionReference(problem, numbers as [Float32Array, Float32Array, Float32Array], before.numbers),
  };
}

const isSharing = ({ parts }: Attention) => parts[1].offset > 0;
const isPair = ({ parts }: Attention) => parts[1].offset === 0 && parts[2].offset > 0;

function partsOf(draw: Draw, width: number, isSelf: boolean): Attention['parts'] {
  const alone = { pitch: width, offset: 0 };
  const [whole, pair] = [3 * width, 2 * width];
  if (isSelf && draw.random() < 0.5)
    return [
      { pitch: whole, offset: 0 },
      { pitch: whole, offset: width },
      { pitch: whole, offset: pair },
    ];
  return draw.random() < 0.5
    ? [alone, { pitch: pair, offset: 0 }, { pitch: pair, offset: width }]
    : [alone, alone, alone];
}
