import { type Attention, attention } from '../attention.ts';
import type { AttentionTile } from '../attention-tile.ts';
import type { Storage } from '../kernel.ts';
import { attentionReference } from '../reference/attention.ts';
import { type Draw, type KernelCase, stored, toleranceOf } from './case.ts';

/** A kind of attention; in workgroup memory of the size that every device has, if no other is given. */
export interface AttentionVariant {
  readonly size: number;
  readonly tile: AttentionTile;
  readonly memory?: number;
  readonly parts?: 'one buffer' | 'two buffers';
  readonly causal?: boolean;
  readonly accumulate?: number;
  /** Drawn if it is not given, as are the keys. */
  readonly queries?: number;
  readonly keys?: number;
}

const SMALL: AttentionTile = { threads: [4, 4], perThread: [2, 4] };
const NARROW: AttentionTile = { threads: [2, 8], perThread: [1, 8] };
const WIDE: AttentionTile = { threads: [10, 4], perThread: [4, 4] };

/** Head sizes of Stable Diffusion and odd ones; queries that stay in workgroup memory and some that do not. */
const VARIANTS: readonly AttentionVariant[] = [
  { size: 40, tile: WIDE, memory: 32_768, parts: 'one buffer' },
  { size: 64, tile: { threads: [8, 4], perThread: [4, 8] }, parts: 'one buffer', causal: true },
  { size: 80, tile: WIDE, parts: 'two buffers' },
  { size: 160, tile: WIDE, accumulate: 0.75 },
  { size: 512, tile: { threads: [16, 2], perThread: [2, 4] } },
  { size: 96, tile: { threads: [12, 2], perThread: [2, 4] }, memory: 32_768, parts: 'two buffers' },
  { size: 32, tile: { threads: [8, 2], perThread: [8, 4] }, parts: 'one buffer' },
  { size: 8, tile: SMALL, parts: 'one buffer', accumulate: 0.75 },
  { size: 16, tile: { threads: [5, 3], perThread: [3, 8] }, causal: true },
  { size: 2, tile: NARROW, parts: 'two buffers' },
  { size: 6, tile: SMALL, parts: 'one buffer', causal: true },
  { size: 18, tile: NARROW, accumulate: 0.75 },
  { size: 1, tile: SMALL, parts: 'one buffer' },
  { size: 3, tile: NARROW, parts: 'one buffer', accumulate: 0.75 },
  { size: 7, tile: SMALL, parts: 'two buffers' },
];

/** Attention over a few rows. */
export function attentionCase(draw: Draw, storage: Storage): KernelCase {
  return attentionOf(
    draw,
    storage,
    draw.of(VARIANTS.filter(({ size }) => storage !== 'packed16' || size % 2 === 0)),
  );
}

/** The same of one kind. */
export function attentionOf(draw: Draw, storage: Storage, variant: AttentionVariant): KernelCase {
  const { size, tile, memory, ...options } = variant;
  const heads = draw.whole(1, size > 40 ? 2 : 4);
  const queries = variant.queries ?? draw.of([1, 3, 5, 7, 16, 33, 77]);
  const isSelf = options.causal || options.parts === 'one buffer';
  const keys = isSelf ? queries : (variant.keys ?? draw.of([1, 3, 4, 50, 77, 154]));
  const problem: Attention = {
    ...{ ...options, batches: draw.whole(1, 3), heads, size, queries, keys, storage },
    parts: partsOf(options.parts, heads * size),
  };
  const kernel = attention(problem, memory, tile);

  const rows = [queries, keys, keys] as const;
  const held = problem.parts.map(({ pitch }, i) =>
    stored(storage, draw.numbers(problem.batches * (rows[i] as number) * pitch, 0, i < 2 ? 2 : 1)),
  );
  const bound = { 'one buffer': [0, 0, 0], 'two buffers': [0, 1, 1], three: [0, 1, 2] }[
    options.parts ?? 'three'
  ];
  const before = stored(storage, draw.numbers(problem.batches * queries * heads * size));
  const numbers = bound.map((i) => held[i]?.numbers as Float32Array);
  return {
    title: `${kernel.name}, ${problem.batches}·${heads} × ${queries}×${keys}${problem.accumulate ? ' added' : ''}`,
    buffers: [...held.map(({ bytes }) => bytes), before.bytes],
    steps: [{ kernel, bindings: [...bound, 3] }],
    ...{ result: 3, storage, tolerance: toleranceOf(storage) },
    expected: attentionReference(
      problem,
      numbers as [Float32Array, Float32Array, Float32Array],
      before.numbers,
    ),
  };
}

function partsOf(parts: AttentionVariant['parts'], width: number): Attention['parts'] {
  const part = (count: number, at: number) => ({ pitch: count * width, offset: at * width });
  if (parts === 'one buffer') return [part(3, 0), part(3, 1), part(3, 2)];
  return parts === 'two buffers'
    ? [part(1, 0), part(2, 0), part(2, 1)]
    : [part(1, 0), part(1, 0), part(1, 0)];
}
