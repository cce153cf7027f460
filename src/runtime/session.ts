import type { InferenceSession } from 'onnxruntime-web';
import type { OnnxModel, ValueInfo } from '../onnx/graph.ts';
import type { Ort } from './ort.ts';

/** Values of a tensor, by input or output name; shapes are the model's. */
export type Feeds = Readonly<Record<string, Float32Array | Int32Array>>;

/** A model on its device. Runs wait for each other. */
export interface Session {
  /** @throws AppError device-lost, out-of-memory */
  run(feeds: Feeds): Promise<Record<string, Float32Array>>;
  release(): Promise<void>;
}

/**
 * One thing at a time, in order: two calls of onnxruntime-web that overlap hang it for good.
 * A job that fails does not stop the next.
 */
export class Lock {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => {});
    return result;
  }
}

/** A session of onnxruntime as plain arrays. */
export function toSession(
  ort: Ort,
  session: InferenceSession,
  model: OnnxModel,
  locked: <T>(job: () => Promise<T>) => Promise<T>,
): Session {
  const tensor = ({ name, dtype, shape }: ValueInfo, feeds: Feeds) => {
    const data = feeds[name];
    if (!data) throw new TypeError(`${model.name} needs ${name}.`);
    return new ort.Tensor(dtype as 'float32', data as Float32Array, shape);
  };
  return {
    run: (feeds) =>
      locked(async () => {
        const inputs = Object.fromEntries(model.inputs.map((input) => [input.name, tensor(input, feeds)]));
        const results = await session.run(inputs);
        return Object.fromEntries(
          model.outputs.map(({ name }) => [name, results[name]?.data as Float32Array]),
        );
      }),
    release: () => locked(() => session.release()),
  };
}
