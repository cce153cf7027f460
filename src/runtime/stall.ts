import { AppError } from '../protocol/errors.ts';

const LOOK_MS = 5_000;
/**
 * How often in a row a GPU may be seen to do nothing at all. Each part of its work is far shorter than that: a command buffer
 * holds 50 GFLOP, or one kernel, which operating systems end after ten seconds at the most; a processor that plays a GPU is given
 * less at once. Looks are counted and not seconds: a computer that slept has looked once.
 */
const STILL_LOOKS = 9;

/** A driver that hangs says nothing, and every promise of it stays open. */
export const hung = (doing: string): AppError =>
  new AppError(
    'device-lost',
    `The GPU has not answered for ${(STILL_LOOKS * LOOK_MS) / 1000} s while it was ${doing}.`,
  );

/** Tells a GPU that stands still from one that is slow. */
export class StallWatch {
  #stillLooks = 0;

  /** Something has gone on. */
  readonly note = (): void => {
    this.#stillLooks = 0;
  };

  /** Notes each end of what is submitted to a device, and of a shader's compilation: our own engine's and onnxruntime's. */
  follow(device: GPUDevice): void {
    const { queue } = device;
    const submit = queue.submit.bind(queue);
    queue.submit = (commands) => {
      submit(commands);
      queue.onSubmittedWorkDone().then(this.note, () => {});
    };
    const compile = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = (descriptor) => {
      const compiled = compile(descriptor);
      compiled.then(this.note, this.note);
      return compiled;
    };
  }

  /** What `call` gives, or `fault()` when nothing has gone on for a while: what it waits for may never come. */
  async unlessStalled<T>(call: () => Promise<T>, fault: () => AppError): Promise<T> {
    this.note();
    let timer: ReturnType<typeof setInterval> | undefined;
    const stalled = new Promise<never>((_, reject) => {
      timer = setInterval(() => {
        if (++this.#stillLooks >= STILL_LOOKS) reject(fault());
      }, LOOK_MS);
    });
    try {
      return await Promise.race([call(), stalled]);
    } finally {
      clearInterval(timer);
    }
  }
}
