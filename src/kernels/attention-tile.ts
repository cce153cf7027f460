/** How attention is parted among the invocations of a GPU, and how much of it lies in workgroup memory at once. */
export interface AttentionTile {
  /** Invocations beside each other share the keys of a tile, and then the columns of the result; those below, the queries. */
  readonly threads: readonly [columns: number, rows: number];
  /** What an invocation computes of the scores. The keys are a multiple of 4. */
  readonly perThread: readonly [queries: number, keys: number];
}

/** A tile with what follows from it for heads of one size. All lengths along a head are in vectors of four. */
export interface AttentionLayout {
  readonly queries: number;
  readonly keys: number;
  /** How much of the queries and keys is multiplied between two barriers. */
  readonly depth: number;
  /** In how many steps that makes a whole head. */
  readonly steps: number;
  /** How many values are added between two barriers. A multiple of 4. */
  readonly values: number;
  /** Columns of the result that an invocation computes. */
  readonly columns: number;
  /** From one row to the next in workgroup memory: odd for keys, so that neighbours meet different banks. */
  readonly pitch: { readonly queries: number; readonly keys: number; readonly weights: number };
  /** Lengths in workgroup memory: of keys and then values, of the weights, and of the queries where they stay there. */
  readonly sizes: { readonly tile: number; readonly weights: number; readonly queries: number };
}

/** What every device of WebGPU has. */
export const LEAST_MEMORY = 16_384;

/** With fewer, large GPUs have idle processors. */
const ENOUGH_WORKGROUPS = 256;

/** Bytes of a vector of four float32. */
const VECTOR = 16;

/** What `attention` needs to know of a problem to choose a tile. */
interface Problem {
  readonly batches: number;
  readonly heads: number;
  readonly size: number;
  readonly queries: number;
}

/**
 * A tile that is good without trying: the columns of Stable Diffusion's heads (40, 64, 80, 160) divide among the invocations
 * without a rest, scores and sums take about a hundred registers, and few queries are parted more finely.
 * @param memory bytes of workgroup memory that the device has
 */
export function attentionTile(problem: Problem, memory: number = LEAST_MEMORY): AttentionTile {
  const { batches, heads, size, queries } = problem;
  const vectors = Math.ceil(size / 4);
  let tile = wholeTile(vectors, memory);
  while (tile.perThread[0] > 1) {
    const [rows, keys] = tile.perThread;
    const workgroups = Math.ceil(queries / (rows * tile.threads[1])) * batches * heads;
    const isTooLarge =
      workgroups < ENOUGH_WORKGROUPS && (rows > 2 || queries <= (rows * tile.threads[1]) / 2);
    if (!isTooLarge && attentionLayout(tile, size, memory)) break;
    tile = { ...tile, perThread: [rows / 2, keys] };
  }
  return tile;
}

/** Of problems with many queries. One column a thread leaves registers for eight rows, two for four rows and eight keys. */
function wholeTile(vectors: number, memory: number): AttentionTile {
  if (vectors > 48)
    return memory < 2 * LEAST_MEMORY
      ? { threads: [16, 8], perThread: [2, 4] }
      : { threads: [32, 8], perThread: [4, 4] };
  const across = [10, 12].find((count) => vectors % count === 0) ?? 8;
  const columns = Math.ceil(vectors / across);
  if (memory < 2 * LEAST_MEMORY || columns > 2) return { threads: [across, 16], perThread: [4, 4] };
  return { threads: [across, 16], perThread: columns === 1 ? [8, 4] : [4, 8] };
}

/** Undefined where the tile does not fit into the memory. */
export function attentionLayout(
  tile: AttentionTile,
  size: number,
  memory: number = LEAST_MEMORY,
): AttentionLayout | undefined {
  const [threadColumns, threadRows] = tile.threads;
  const [perRow, perKey] = tile.perThread;
  const [queries, keys] = [threadRows * perRow, threadColumns * perKey];
  const vectors = Math.ceil(size / 4);
  const columns = Math.ceil(vectors / threadColumns);
  const room = Math.floor(memory / VECTOR);
  const maxima = threadColumns * threadRows * Math.ceil(perRow / 4);
  const fourValues = 4 * columns * threadColumns;

  for (let parts = 1; parts <= vectors; parts++) {
    const depth = Math.ceil(vectors / parts);
    const pitch = { queries: unaligned(depth), keys: depth | 1, weights: unaligned(keys / 4) };
    const weights = queries * Math.max(pitch.queries, pitch.weights);
    const least = Math.max(keys * pitch.keys, fourValues, maxima);
    if (weights + least > room) continue;
    const fours = Math.min(keys / 4, Math.floor((room - weights) / fourValues));
    const values = 4 * Math.ceil(keys / 4 / Math.ceil(keys / 4 / fours));
    const sizes = { tile: Math.max(least, (values / 4) * fourValues), weights, queries: 0 };
    const layout = { queries, keys, depth, steps: Math.ceil(vectors / depth), values, columns, pitch, sizes };
    return withQueries(layout, room);
  }
  return undefined;
}

/** The queries stay in workgroup memory where there is room for them beside the weights; else they are loaded for each tile. */
function withQueries(layout: AttentionLayout, room: number): AttentionLayout {
  const { queries, depth, steps, pitch, sizes } = layout;
  const whole = unaligned(depth * steps);
  const held = { tile: sizes.tile, weights: queries * pitch.weights, queries: queries * whole };
  if (held.tile + held.weights + held.queries > room) return layout;
  return { ...layout, pitch: { ...pitch, queries: whole }, sizes: held };
}

/** A pitch that is no multiple of eight vectors, after which the banks of workgroup memory repeat. */
const unaligned = (vectors: number): number => (vectors % 8 === 0 ? vectors + 1 : vectors);
