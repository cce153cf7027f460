import { activationBytes } from '../../src/gpu/memory.ts';
import type { Program } from '../../src/gpu/program.ts';
import { stepTable } from '../../src/gpu/samples/step-table.ts';
import { weightsBytes } from '../../src/gpu/upload.ts';
import type { Feeds, Graph } from '../../src/graph/graph.ts';
import { feedsOf } from '../../src/measure/components.ts';
import { timeSession } from '../../src/measure/time-session.ts';
import { type GoldenTensors, readGoldenTensors } from '../../src/models/golden/cases.ts';
import { elementCount } from '../../src/numerics/tensor.ts';
import { createRequestAdapter } from '../../src/runtime/device.ts';
import { openGpu } from '../../src/runtime/open-gpu.ts';
import type { Case } from './cases.ts';
import { graphOf, targetOf, withRuntime } from './open-graph.ts';
import type { Kernels, Options, Row, SessionRow } from './rows.ts';
import { timeSteps } from './time-steps.ts';

type Outputs = Readonly<Record<string, Float32Array>>;
type Report = (row: Row) => void;

/** Runs after the first, and how long they may take together before there is no other. */
const RUNS = { most: 10, ms: 10_000 };

/** ‖found − expected‖ / ‖expected‖, of all outputs together. */
function error(found: Outputs, expected: Outputs): number {
  let [difference, length] = [0, 0];
  for (const [name, values] of Object.entries(found))
    for (const [i, value] of values.entries()) {
      const right = expected[name]?.[i] ?? Number.NaN;
      difference += (value - right) ** 2;
      length += right ** 2;
    }
  return Math.sqrt(difference / length);
}

async function goldenOf({ file, hasGolden }: Case, { torch }: Options): Promise<GoldenTensors | undefined> {
  if (torch === null || !hasGolden) return undefined;
  const response = await fetch(torch + file.replace('.', '.golden.'));
  return response.ok ? readGoldenTensors(await response.blob()) : undefined;
}

/**
 * Measures a graph by our kernels and by onnxruntime's, then computes it in float32 to compare both with; one that fails is
 * reported, and the others go on.
 */
export async function measureCase(
  one: Case,
  options: Options,
  hasF16: boolean,
  report: Report,
): Promise<void> {
  const golden = await goldenOf(one, options);
  /** By `engine, bits`. */
  const found = new Map<string, Outputs>();
  if (golden) found.set('PyTorch, 32', dataOf(golden));
  const timed = async (kernels: Kernels, most: number) => {
    report({ kind: 'note', text: `${one.title}: ${kernels.engine}, ${kernels.bits} bits` });
    try {
      const { outputs, ...row } = await measureKernels(one, kernels, options, golden, most);
      found.set(`${kernels.engine}, ${kernels.bits}`, outputs);
      return row;
    } catch (thrown) {
      report({ kind: 'failure', title: one.title, ...kernels, message: String(thrown) });
      return undefined;
    }
  };
  const most = options.small ? 1 : RUNS.most;
  const rows = [
    await timed({ engine: 'ours', bits: 16 }, most),
    await timed({ engine: 'onnxruntime', bits: hasF16 ? 16 : 32 }, most),
    await timed({ engine: 'ours', bits: 32 }, 1),
  ];
  for (const row of rows.filter((row) => row !== undefined)) {
    const self = `${row.engine}, ${row.bits}`;
    const others = [...found].filter(([name]) => name !== self);
    const errors = others.map(([name, expected]) => [name, error(found.get(self) as Outputs, expected)]);
    report({ ...row, errors: Object.fromEntries(errors) });
  }
}

/** The tensors of a golden file are inputs and outputs by their names. */
const dataOf = (tensors: GoldenTensors): Record<string, Float32Array> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, Float32Array.from(data)]));

async function measureKernels(
  one: Case,
  kernels: Kernels,
  options: Options,
  golden: GoldenTensors | undefined,
  most: number,
): Promise<Omit<SessionRow, 'errors'> & { readonly outputs: Outputs }> {
  return withRuntime(async (runtime) => {
    const graph = await graphOf(one, targetOf(kernels, runtime), options);
    const isEnough = (runs: readonly number[]) =>
      runs.length >= most || runs.reduce((sum, ms) => sum + ms, 0) >= RUNS.ms;
    const timing = { now: () => performance.now(), isEnough, check: () => {} };
    const feeds: Feeds = golden ? dataOf(golden) : feedsOf(graph);
    const times = await timeSession(runtime, graph, timing, feeds);
    const program = kernels.engine === 'ours' ? await programOf(graph) : undefined;
    const planned = program && weightsBytes(program.weights) + activationBytes(program);
    return {
      ...{ kind: 'session', title: one.title, ...kernels, ...times, weightBytes: weightBytes(graph) },
      ...(planned !== undefined && { plannedBytes: planned }),
    };
  });
}

function weightBytes({ initializers, target }: Graph): number {
  const weights = [...initializers.values()].filter((one) => 'range' in one);
  const bytes = target.dtype === 'float16' ? 2 : 4;
  return weights.reduce((sum, { shape }) => sum + bytes * elementCount(shape), 0);
}

/** A graph as this GPU would run it with the usual tiles. */
export async function programOf(graph: Graph): Promise<Program> {
  const { device, kernels } = await openGpu(createRequestAdapter());
  try {
    return kernels?.compile(graph) as Program;
  } finally {
    device.destroy();
  }
}

/** Prints the kernels of a graph with the usual tiles, with the time of each by itself. */
export async function reportSteps(one: Case, options: Options, report: Report): Promise<void> {
  report({ kind: 'note', text: `${one.title}: kernel by kernel` });
  const graph = await graphOf(one, { provider: 'webgpu', dtype: 'float16', ownKernels: true }, options);
  const { device, kernels } = await openGpu(createRequestAdapter());
  try {
    const program = kernels?.compile(graph) as Program;
    report({ kind: 'steps', text: stepTable(one.title, program, await timeSteps(device, program)) });
  } finally {
    device.destroy();
  }
}
