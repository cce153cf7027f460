import type { InferenceSession, Tensor } from 'onnxruntime-web';
import type { DType, Feeds, Graph, Input } from '../graph/graph.ts';
import type { Kept } from '../graph/kept-tensors.ts';
import type { Ort } from './ort.ts';

/** A graph on its device. Runs wait for each other. */
export interface Session {
  /**
   * The outputs by name.
   * @param kept what other runs have kept, and where what this one keeps goes; for graphs that have either
   * @throws AppError device-lost, out-of-memory; TypeError when an input is missing
   */
  run(feeds: Feeds, kept?: Kept): Promise<Record<string, Float32Array>>;
  /**
   * Opens another graph over the same weights, which are not loaded again; it is released before this one. Only where kernels of
   * our own run: a session of onnxruntime has its own copy.
   * @throws AppError device-lost, out-of-memory, wrong-numbers
   */
  openBeside?(graph: Graph): Promise<Session>;
  release(): Promise<void>;
}

/** A tensor of a ready-made graph; float16 is given as its bits. */
export interface OnnxTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | Int32Array | BigInt64Array | Uint8Array;
}

/** A ready-made graph on its device, with its own names and types. Runs wait for each other. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /**
   * @param outputs the names of the outputs to return
   * @throws AppError device-lost, out-of-memory
   */
  run(
    feeds: Readonly<Record<string, OnnxTensor>>,
    outputs: readonly string[],
  ): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

/**
 * Runs one job at a time, in order: two overlapping calls hang onnxruntime-web forever. A job that fails does not stop the
 * next one.
 */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** What surrounds the calls of a session's device: one at a time. */
export interface SessionCalls {
  run<T>(job: () => Promise<T>): Promise<T>;
  release(job: () => Promise<void>): Promise<void>;
}

/** A session of onnxruntime that takes and returns plain arrays. */
export function toSession(
  ort: Ort,
  session: InferenceSession,
  { name, inputs, outputs }: Pick<Graph, 'name' | 'inputs' | 'outputs'>,
  calls: SessionCalls,
): Session {
  const tensor = ({ isKept, ...input }: Input, feeds: Feeds, kept: Kept | undefined) => {
    const { dtype, shape } = input;
    const data = isKept ? kept?.tensors.get(kept.prefix + input.name) : feeds[input.name];
    if (!data) throw new TypeError(`${name} needs ${input.name}.`);
    return new ort.Tensor(dtype as 'float32', data as Float32Array, shape);
  };
  return {
    run: (feeds, kept) =>
      calls.run(async () => {
        const fed = Object.fromEntries(inputs.map((input) => [input.name, tensor(input, feeds, kept)]));
        const results = await session.run(fed);
        const data = (name: string) => results[name]?.data as Float32Array;
        for (const { name, isKept } of outputs) if (isKept) kept?.tensors.set(kept.prefix + name, data(name));
        return Object.fromEntries(
          outputs.flatMap(({ name, isKept }) => (isKept ? [] : [[name, data(name)]])),
        );
      }),
    release: () => calls.release(() => session.release()),
  };
}

/** A session of onnxruntime that takes and returns tensors of the graph's own types. */
export function toOnnxSession(ort: Ort, session: InferenceSession, calls: SessionCalls): OnnxSession {
  const { inputNames, outputNames } = session;
  return {
    inputNames,
    outputNames,
    run: (feeds, outputs) =>
      calls.run(async () => {
        const inputs = Object.entries(feeds).map(([name, { dtype, shape, data }]) => {
          return [name, new ort.Tensor(dtype as 'float32', data as Float32Array, shape)] as const;
        });
        const results = await session.run(Object.fromEntries(inputs), outputs);
        return Object.fromEntries(outputs.map((name) => [name, ofOrt(results[name] as Tensor)]));
      }),
    release: () => calls.release(() => session.release()),
  };
}

function ofOrt({ type, dims, data }: Tensor): OnnxTensor {
  const values = data as Exclude<OnnxTensor['data'], Uint16Array>;
  // A Float16Array in browsers that have it, otherwise the bits already.
  const bits = () => new Uint16Array(values.buffer, values.byteOffset, values.length);
  return { dtype: type as DType, shape: dims, data: type === 'float16' ? bits() : values };
}
