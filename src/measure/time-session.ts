import type { Graph } from '../graph/graph.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { feedsOf } from './components.ts';

/** What opens graphs; tests give one without a device. */
export type TimedRuntime = Pick<Runtime, 'open'>;

/** How a session is timed. */
export interface Timing {
  /** Milliseconds. */
  readonly now: () => number;
  /** Whether there is to be no further run after these, in milliseconds. */
  readonly isEnough: (runs: readonly number[]) => boolean;
  /** Called while weights are read and between runs; throws to end. */
  readonly check: () => void;
}

/** How long a graph took. */
export interface SessionTimes {
  /** From the graph to a session that can run: weights are read, and with our kernels shaders are compiled. */
  readonly loadMs: number;
  readonly firstMs: number;
  readonly medianMs: number;
  /** What a run gave, by name. */
  readonly outputs: Readonly<Record<string, Float32Array>>;
}

/** The middle one, or the upper of the two. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * Opens a graph, runs it until it is enough, and gives its memory back.
 * @param feeds made up where none are given
 * @throws AppError as `Runtime.open` and `Session.run`; what `check` throws
 */
export async function timeSession(
  runtime: TimedRuntime,
  graph: Graph,
  { now, isEnough, check }: Timing,
  feeds = feedsOf(graph),
): Promise<SessionTimes> {
  const start = now();
  const session = await runtime.open(graph, check);
  const loadMs = now() - start;
  const timed = async () => {
    const begin = now();
    const outputs = await session.run(feeds);
    const ms = now() - begin;
    // Messages such as an abort are only read when the engine pauses.
    await new Promise((resolve) => setTimeout(resolve));
    check();
    return { ms, outputs };
  };
  try {
    const { ms: firstMs, outputs } = await timed();
    const runs: number[] = [];
    do runs.push((await timed()).ms);
    while (!isEnough(runs));
    return { loadMs, firstMs, medianMs: median(runs), outputs };
  } finally {
    await session.release();
  }
}
