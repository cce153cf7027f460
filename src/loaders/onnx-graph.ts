import type { DType } from '../graph/graph.ts';
import type { ModelFiles } from '../hub/repo.ts';
import { concatenate } from '../numerics/concatenate.ts';
import { float16ToFloat32, float32ToFloat16 } from '../numerics/half.ts';
import { type GraphValue, type ReadModel, readModel } from '../onnx/read-model.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Feeds, OnnxTensor } from '../runtime/session.ts';

/** The folders of an ONNX repository, as Optimum names them; in each a model.onnx. */
export type OnnxFolder = 'text_encoder' | 'text_encoder_2' | 'unet' | 'vae_decoder' | 'vae_encoder';

/** What goes into a graph at once, by input. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

const FILE = 'model.onnx';

/** @throws AppError unsupported-model where there is none, corrupt-file */
export async function readOnnxGraph(files: ModelFiles, folder: OnnxFolder): Promise<ReadModel> {
  const path = `${folder}/${FILE}`;
  if (!files.has(path)) throw unsupported(folder, FILE, 'none');
  return readModel(FILE, await files.file(path), corrupt(path));
}

/** A graph on its device that takes `batch` rows at a time. */
export interface OnnxGraph {
  /**
   * As many rows as are asked for, as many runs as that takes. A feed of one row goes with each of them.
   * @returns of each output the rows asked for, and its shape
   */
  run(feeds: Feeds, rows: number): Promise<Record<string, Result>>;
  release(): Promise<void>;
}

export interface Result {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Opens a graph for inputs of the given shapes, with their first size as its batch. Weights go from their file to the
 * device, whether they lie beside the graph or in it.
 * @throws AppError unsupported-model naming an input that nothing is known of, the operator that onnxruntime lacks, or the
 * half precision that the GPU has not; invalid-request where the graph is made for another size; out-of-memory, corrupt-file
 */
export async function openOnnxGraph(
  runtime: Runtime,
  files: ModelFiles,
  folder: OnnxFolder,
  graph: ReadModel,
  shapes: Shapes,
  outputs: readonly string[],
  batch: number,
): Promise<OnnxGraph> {
  const { target } = runtime;
  if (graph.isHalf && target.provider === 'webgpu' && target.dtype === 'float32') throw withoutHalf(folder);
  for (const name of outputs) known(folder, graph.outputs, name);
  const sizes = freeSizes(folder, graph.inputs, shapes);
  const externalData = [];
  for (const path of graph.locations) externalData.push({ path, data: await beside(files, folder, path) });
  const model = { bytes: graph.bytes, externalData };
  const fail = (error: unknown): never => {
    throw refused(folder, error);
  };
  const session = await runtime
    .openOnnx(model, sizes)
    // A size that was told may be one the graph cannot have, for all it says of itself.
    .catch((error) => (error instanceof AppError ? fail(error) : runtime.openOnnx(model, {})))
    .catch(fail);

  const inputs = (feeds: Feeds, row: number) =>
    graph.inputs.map(({ name, dtype }) => {
      const [shape, values] = [shapes[name] as readonly number[], feeds[name]];
      if (!values) throw new TypeError(`${folder} needs ${name}.`);
      return [name, tensor(dtype as DType, shape, rowsOf(values, shape, row))] as const;
    });
  return {
    run: async (feeds, rows) => {
      const runs: Record<string, OnnxTensor>[] = [];
      for (let row = 0; row < rows; row += batch)
        runs.push(await session.run(Object.fromEntries(inputs(feeds, row)), outputs).catch(fail));
      const output = (name: string) => runs.map((run) => run[name] as OnnxTensor);
      return Object.fromEntries(outputs.map((name) => [name, firstRows(output(name), rows)]));
    },
    release: () => session.release(),
  };
}

/** How many rows a graph takes at a time: what its inputs are fixed to, else what suits. */
export function batchOf(folder: OnnxFolder, { inputs }: ReadModel, suits: number): number {
  const first = inputs.flatMap(({ dims }) => (dims && dims.length > 1 ? [dims[0]] : []));
  const batch = first.find((size) => typeof size === 'number') ?? suits;
  if (batch > 2) throw unsupported(folder, 'a batch of 1 or 2', `${batch}`);
  return batch;
}

/**
 * What the free sizes of a graph are, by their names, for inputs of the given shapes. A name for two sizes at once is left
 * free.
 */
function freeSizes(
  folder: OnnxFolder,
  inputs: readonly GraphValue[],
  shapes: Shapes,
): Record<string, number> {
  const sizes = new Map<string, Set<number>>();
  for (const { name, dims } of inputs) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (!shape) throw unsupported(folder, `inputs ${Object.keys(shapes).join(', ')}`, name);
    known(folder, inputs, name);
    if (dims && dims.length !== shape.length) throw misfit(folder, name, dims, shape);
    for (const [axis, size] of (dims ?? []).entries()) {
      const wanted = shape[axis] as number;
      if (typeof size === 'number' && size !== wanted) throw misfit(folder, name, dims ?? [], shape, axis);
      if (typeof size === 'string') sizes.set(size, (sizes.get(size) ?? new Set()).add(wanted));
    }
  }
  const told = [...sizes].flatMap(([name, of]) =>
    of.size === 1 ? [...of].map((size) => [name, size] as const) : [],
  );
  return Object.fromEntries(told);
}

function known(folder: OnnxFolder, values: readonly GraphValue[], name: string): void {
  const value = values.find((other) => other.name === name);
  if (!value) throw unsupported(folder, name, values.map((other) => other.name).join(', ') || 'nothing');
  if (!value.dtype) throw unsupported(folder, `${name} of floats or integers`, 'another type');
}

async function beside(files: ModelFiles, folder: OnnxFolder, location: string): Promise<Blob> {
  const steps = location.replace(/^\.\//, '').split('/');
  const path = `${folder}/${FILE}`;
  if (steps.some((step) => step === '' || step === '.' || step === '..'))
    throw corrupt(path)('files beside it', location);
  const file = [folder, ...steps].join('/');
  if (!files.has(file)) throw unsupported(folder, file, 'none');
  return files.file(file);
}

/** Values in a graph's own type. Integers are the nearest: samplers may ask for timesteps between two. */
function tensor(dtype: DType, shape: readonly number[], values: Float32Array): OnnxTensor {
  const data = {
    float32: () => values,
    float16: () => float32ToFloat16(values),
    int32: () => Int32Array.from(values, Math.round),
    int64: () => BigInt64Array.from(values, (value) => BigInt(Math.round(value))),
    uint8: () => Uint8Array.from(values, Math.round),
  };
  return { dtype, shape, data: data[dtype]() };
}

/** As many rows as `shape` has, from `row` on; the last one again where there are no more. */
function rowsOf(values: Float32Array | Int32Array, shape: readonly number[], row: number): Float32Array {
  const [count = 1, ...rest] = shape;
  const length = rest.reduce((product, size) => product * size, 1);
  const have = values.length / length;
  if (!(have >= 1 && Number.isInteger(have)))
    throw new TypeError(`Expected rows of ${length} values, found ${values.length}.`);
  const rows = new Float32Array(count * length);
  for (let i = 0; i < count; i++) {
    const from = Math.min(have === 1 ? 0 : row + i, have - 1) * length;
    rows.set(values.subarray(from, from + length), i * length);
  }
  return rows;
}

/** One output of several runs: the first rows of all. */
function firstRows(runs: readonly OnnxTensor[], rows: number): Result {
  const [, ...rest] = (runs[0] as OnnxTensor).shape;
  const length = rest.reduce((product, size) => product * size, 1);
  const data = concatenate(runs.map(floats)).subarray(0, rows * length);
  return { shape: [rows, ...rest], data };
}

function floats({ dtype, data }: OnnxTensor): Float32Array {
  if (dtype === 'float16') return float16ToFloat32(data as Uint16Array);
  return dtype === 'float32' ? (data as Float32Array) : Float32Array.from(data, Number);
}

/** A graph that takes another size; where the request decides that size, the request is at fault. */
function misfit(
  folder: OnnxFolder,
  name: string,
  dims: NonNullable<GraphValue['dims']>,
  shape: readonly number[],
  axis = -1,
): AppError {
  const field =
    shape.length === 4 && axis >= 2
      ? SPACE[axis - 2]
      : shape.length === 3 && axis === 1
        ? 'prompt'
        : undefined;
  const [expected, found] = [`${name} [${dims}]`, `[${shape}]`];
  if (!field) return unsupported(folder, `${name} [${shape}]`, `[${dims}]`);
  const message = `${folder}: this graph is made for ${expected} alone, not for ${found}.`;
  return new AppError('invalid-request', message, { component: folder, field, expected, found });
}

const SPACE = ['height', 'width'] as const;

function withoutHalf(component: OnnxFolder): AppError {
  const details = { kind: 'no-f16', component, expected: 'a GPU with shader-f16' } satisfies Fault;
  const message = `${component}: this graph computes in float16, which this GPU cannot. Set Device to CPU.`;
  return new AppError('unsupported-model', message, details);
}

/** What onnxruntime says of a graph. */
function refused(folder: OnnxFolder, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const details = { component: folder, expected: 'a graph that onnxruntime runs', found: String(error) };
  return new AppError(
    'unsupported-model',
    `${folder}: onnxruntime does not run this graph. ${error}`,
    details,
    {
      cause: error,
    },
  );
}

function unsupported(component: OnnxFolder, expected: string, found: string): AppError {
  const details = { component, expected, found };
  return new AppError('unsupported-model', `${component}: expected ${expected}, found ${found}.`, details);
}

function corrupt(file: string): (expected: string, found: string) => AppError {
  return (expected, found) => {
    const details = { file, expected, found };
    return new AppError('corrupt-file', `${file} is damaged: expected ${expected}, found ${found}.`, details);
  };
}
