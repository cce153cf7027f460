import type { ComputedDType, Feeds } from '../../graph/graph.ts';
import type { ModelFiles } from '../../hub/repo.ts';
import { concatenate } from '../../numerics/concatenate.ts';
import { float16ToFloat32, float32ToFloat16 } from '../../numerics/half.ts';
import { elementCount, type Tensor as Float32Tensor } from '../../numerics/tensor.ts';
import { type GraphValue, type ReadModel, readModel } from '../../onnx/read-model.ts';
import { AppError, type Fault, unsupportedModel } from '../../protocol/errors.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import type { OnnxTensor } from '../../runtime/session.ts';
import { GRAPH_FILE } from '../repository-layout.ts';

/**
 * ONNX graphs that somebody exported, from the repository's folders: `text_encoder`, `unet`, `vae_decoder` and so on, as
 * Optimum names them.
 */

/** The shape of each input of a graph. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** @throws AppError unsupported-model when the folder holds no graph; corrupt-file */
export async function readOnnxGraph(files: ModelFiles, folder: string): Promise<ReadModel> {
  const path = `${folder}/${GRAPH_FILE}`;
  if (!files.has(path)) throw unsupportedModel('missing-part', folder, GRAPH_FILE, 'none');
  return readModel(GRAPH_FILE, await files.file(path), corrupt(path));
}

/** A graph on its device that takes a fixed number of rows (its batch) in one run. */
export interface OnnxGraph {
  /**
   * Computes any number of rows, in as many runs as that takes. An input of a single row is repeated for each of them.
   * @returns those rows of each output
   */
  run(feeds: Feeds, rows: number): Promise<Record<string, Float32Tensor>>;
  release(): Promise<void>;
}

/**
 * Opens a graph for inputs of the given shapes, whose first size is the batch. Weights go from their file to the device,
 * whether they lie beside the graph or inside it.
 * @throws AppError unsupported-model, naming an input Safelight doesn't know, an operator onnxruntime lacks, or half
 * precision the GPU lacks; invalid-request when the graph was made for another size; out-of-memory, corrupt-file
 */
export async function openOnnxGraph(
  runtime: Runtime,
  files: ModelFiles,
  folder: string,
  graph: ReadModel,
  shapes: Shapes,
  outputs: readonly string[],
  batch: number,
): Promise<OnnxGraph> {
  if (graph.isHalf && !runtime.hasF16) throw noFloat16(folder);
  for (const name of outputs) checkKnown(folder, graph.outputs, name);
  const sizes = freeSizes(folder, graph.inputs, shapes);
  const externalData = [];
  for (const { name, path, start, end } of graph.parts) {
    const file = await weightFile(files, folder, path);
    externalData.push({ path: name, data: file.slice(start, end) });
  }
  const model = { bytes: graph.bytes, externalData };
  const fail = (error: unknown): never => {
    throw notRun(folder, error);
  };
  const session = await runtime
    .openOnnx(model, sizes)
    // The graph's own names for its sizes may be wrong; then onnxruntime is told nothing about them.
    .catch((error) => (error instanceof AppError ? fail(error) : runtime.openOnnx(model, {})))
    .catch(fail);

  const inputs = (feeds: Feeds, row: number) =>
    graph.inputs.map(({ name, dtype }) => {
      const [shape, values] = [shapes[name] as readonly number[], feeds[name]];
      if (!values) throw new TypeError(`${folder} needs ${name}.`);
      return [name, tensor(dtype as ComputedDType, shape, rowsOf(values, shape, row))] as const;
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

/**
 * How many rows a graph takes in one run: what its inputs are fixed to, otherwise `preferred`.
 * @throws AppError unsupported-model when it is more than two
 */
export function batchOf(folder: string, { inputs }: ReadModel, preferred: number): number {
  const first = inputs.flatMap(({ dims }) => (dims && dims.length > 1 ? [dims[0]] : []));
  const batch = first.find((size) => typeof size === 'number') ?? preferred;
  if (batch > 2) throw unsupportedModel('other-part', folder, 'batch 1, 2', `batch ${batch}`);
  return batch;
}

/**
 * The sizes that a graph leaves open, by the names it gives them, for inputs of the given shapes. A name that stands for two
 * different sizes is left open.
 * @throws AppError unsupported-model for an input Safelight doesn't know; invalid-request for a size the graph doesn't take
 */
function freeSizes(folder: string, inputs: readonly GraphValue[], shapes: Shapes): Record<string, number> {
  const sizes = new Map<string, Set<number>>();
  for (const { name, dims } of inputs) {
    const shape = Object.hasOwn(shapes, name) ? shapes[name] : undefined;
    if (!shape) throw unsupportedModel('unknown-part', folder, Object.keys(shapes).join(', '), name);
    checkKnown(folder, inputs, name);
    if (dims && dims.length !== shape.length) throw otherSize(folder, name, dims, shape);
    for (const [axis, size] of (dims ?? []).entries()) {
      const wanted = shape[axis] as number;
      if (typeof size === 'number' && size !== wanted) throw otherSize(folder, name, dims ?? [], shape, axis);
      if (typeof size === 'string') sizes.set(size, (sizes.get(size) ?? new Set()).add(wanted));
    }
  }
  const unique = [...sizes].flatMap(([name, values]) =>
    values.size === 1 ? [...values].map((size) => [name, size] as const) : [],
  );
  return Object.fromEntries(unique);
}

function checkKnown(folder: string, values: readonly GraphValue[], name: string): void {
  const value = values.find((other) => other.name === name);
  if (!value)
    throw unsupportedModel('missing-part', folder, name, values.map((other) => other.name).join(', '));
  if (!value.dtype) throw unsupportedModel('unknown-part', folder, 'floats or integers', name);
}

/** A file of weights that a graph names. @throws AppError corrupt-file for one outside the graph's folder; unsupported-model */
async function weightFile(files: ModelFiles, folder: string, location: string): Promise<Blob> {
  const steps = location.replace(/^\.\//, '').split('/');
  const path = `${folder}/${GRAPH_FILE}`;
  if (steps.some((step) => step === '' || step === '.' || step === '..'))
    throw corrupt(path)('files beside it', location);
  const file = [folder, ...steps].join('/');
  if (!files.has(file)) throw unsupportedModel('missing-part', folder, file, 'none');
  return files.file(file);
}

/** Values in the type a graph takes. Integers are rounded: samplers may ask for timesteps between two. */
function tensor(dtype: ComputedDType, shape: readonly number[], values: Float32Array): OnnxTensor {
  const data = {
    float32: () => values,
    float16: () => float32ToFloat16(values),
    int32: () => Int32Array.from(values, Math.round),
    int64: () => BigInt64Array.from(values, (value) => BigInt(Math.round(value))),
    uint8: () => Uint8Array.from(values, Math.round),
  };
  return { dtype, shape, data: data[dtype]() };
}

/** As many rows as `shape` has, starting at `row`; where there are no more, the last one is repeated. */
function rowsOf(values: Float32Array | Int32Array, shape: readonly number[], row: number): Float32Array {
  const [count = 1, ...rest] = shape;
  const length = elementCount(rest);
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

/** The first rows of one output, from all runs together. */
function firstRows(runs: readonly OnnxTensor[], rows: number): Float32Tensor {
  const [, ...rest] = (runs[0] as OnnxTensor).shape;
  const length = elementCount(rest);
  const data = concatenate(runs.map(floats)).subarray(0, rows * length);
  return { shape: [rows, ...rest], data };
}

function floats({ dtype, data }: OnnxTensor): Float32Array {
  if (dtype === 'float16') return float16ToFloat32(data as Uint16Array);
  return dtype === 'float32' ? (data as Float32Array) : Float32Array.from(data, Number);
}

/** A graph that takes another size. Where the request decides that size, the error is about the request. */
function otherSize(
  folder: string,
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
  if (!field) return unsupportedModel('other-part', folder, `${name} [${shape}]`, `${name} [${dims}]`);
  const message = `${folder}: this graph only takes ${expected}, not ${found}.`;
  const kind = field === 'prompt' ? 'graph-prompt' : 'graph-size';
  const details = { kind, component: folder, field, expected, found } satisfies Fault;
  return new AppError('invalid-request', message, details);
}

const SPACE = ['height', 'width'] as const;

function noFloat16(component: string): AppError {
  const details = { kind: 'no-f16', component, expected: 'a GPU with shader-f16' } satisfies Fault;
  const message = `${component}: this graph computes in float16, which this GPU doesn't support. Set Device to CPU.`;
  return new AppError('unsupported-model', message, details);
}

/** onnxruntime's refusal of a graph, as an AppError. @param component diffusers' name for it, or its path */
export function notRun(component: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const expected = 'a graph that onnxruntime runs';
  return unsupportedModel('graph-refused', component, expected, String(error), { cause: error });
}

function corrupt(file: string): (expected: string, found: string) => AppError {
  return (expected, found) => {
    const details = { file, expected, found };
    return new AppError('corrupt-file', `${file} is damaged: expected ${expected}, found ${found}.`, details);
  };
}
