import type { GraphTarget } from '../graph/graph.ts';
import { elementCount } from '../numerics/tensor.ts';
import type { GpuTimes, Measured, MeasuredPart, MeasureProgress } from '../protocol/gpu-measurement.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Component, convolution, graphOf, UNETS, unet, VAE, vaeDecoder } from './components.ts';
import { type TimedRuntime, timeSession } from './time-session.ts';

/** All of it is to take no longer. */
const BUDGET_MS = 60_000;
/** Runs after the first, and how long they may take together before there is no other. */
const MOST_RUNS = 5;
const ENOUGH_MS = 3_000;
/** A convolution that takes longer tells enough at its smaller size. */
const QUICK_MS = 300;
/** The least that a part takes: the first run, one more, and as long again for weights and shaders. */
const RUNS_TO_FIT = 3;

/** The parts with the sides of their pictures, the one to measure first, and their GFLOP at it (`npm run steps`). */
export const PARTS: Readonly<
  Record<
    MeasuredPart,
    { readonly sides: readonly number[]; readonly gflop: number; readonly of: (side: number) => Component }
  >
> = {
  convolution: { sides: [64, 16], gflop: 7.5, of: convolution },
  vae: { sides: [512, 256], gflop: 2517, of: (side) => vaeDecoder(VAE, side) },
  unet: { sides: [512, 256], gflop: 1592, of: (side) => unet(UNETS['stable-diffusion-v1-5'], side) },
};

/** What is asked of each kind of kernels, in this order: the quickest first, which tells whether the others fit. */
function wanted({ ownKernels }: GraphTarget): Measured[] {
  const onnxruntime = (['vae', 'unet'] as const).map((part) => ({ part, kernels: 'onnxruntime' as const }));
  const kernels = ownKernels ? 'own' : 'onnxruntime';
  const own = (['convolution', 'vae', 'unet'] as const).map((part) => ({ part, kernels }) as const);
  return ownKernels ? [...own, ...onnxruntime] : own;
}

/** What is needed of a runtime on a GPU. */
export type MeasuredRuntime = TimedRuntime & Pick<Runtime, 'target' | 'hasF16'>;

/**
 * Measures a GPU for a minute at most, with made-up weights that are never stored: our kernels, then onnxruntime's. What
 * would take too long is measured at a smaller size, or left out.
 * @param now milliseconds
 * @throws AppError out-of-memory, device-lost, wrong-numbers; download-failed where onnxruntime cannot be fetched;
 * `signal.reason`. What was measured until then has been reported.
 */
export async function measureGpu(
  runtime: MeasuredRuntime,
  { signal, progress }: { readonly signal: AbortSignal; progress(value: MeasureProgress): void },
  now: () => number = () => performance.now(),
): Promise<void> {
  const end = now() + BUDGET_MS;
  const check = () => signal.throwIfAborted();
  /** FLOP in a millisecond, of what was measured last. */
  let rate = 0;
  const measureAt = async (measured: Measured, side: number) => {
    const times = await measure(runtime, measured, side, check, now).catch((error: unknown) => {
      // A stop while onnxruntime reads weights is to it a failed copy: “Unknown error occurred in memory copy.”
      check();
      throw error;
    });
    rate = flopsOf(measured.part, side) / times.medianMs;
    return times;
  };
  for (const measured of wanted(runtime.target)) {
    check();
    const { part } = measured;
    const sides = PARTS[part].sides;
    const isFirst = part === 'convolution';
    const fits = (side: number) => (RUNS_TO_FIT * flopsOf(part, side)) / rate <= (end - now()) / 2;
    const side = isFirst ? sides.at(-1) : sides.find(fits);
    if (side === undefined) {
      progress({ stage: 'left-out', measured });
      continue;
    }
    progress({ stage: 'begin', measured });
    const times = await measureAt(measured, side);
    const full = sides[0] as number;
    const isQuick = isFirst && flopsOf(part, full) / rate <= QUICK_MS;
    progress({ stage: 'times', times: isQuick ? await measureAt(measured, full) : times });
  }
}

/** What a part computes; an attention's share grows faster with the side, but is small. */
const flopsOf = (part: MeasuredPart, side: number): number =>
  PARTS[part].gflop * 1e9 * (side / (PARTS[part].sides[0] as number)) ** 2;

async function measure(
  runtime: MeasuredRuntime,
  measured: Measured,
  side: number,
  check: () => void,
  now: () => number,
): Promise<GpuTimes> {
  const target: GraphTarget =
    measured.kernels === 'own'
      ? { provider: 'webgpu', dtype: 'float16', ownKernels: true }
      : { provider: 'webgpu', dtype: runtime.hasF16 ? 'float16' : 'float32' };
  const graph = graphOf(PARTS[measured.part].of(side), target);
  const isEnough = (runs: readonly number[]) =>
    runs.length >= MOST_RUNS || runs.reduce((sum, ms) => sum + ms, 0) >= ENOUGH_MS;
  const { loadMs, firstMs, medianMs } = await timeSession(runtime, graph, { now, isEnough, check });
  const bits = target.dtype === 'float16' ? 16 : 32;
  const weights = [...graph.initializers.values()].filter((one) => 'range' in one);
  const weightBytes = weights.reduce((sum, { shape }) => sum + (elementCount(shape) * bits) / 8, 0);
  return { ...measured, side, bits, weightBytes, loadMs, firstMs, medianMs };
}
