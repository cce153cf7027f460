import type { DeviceReport } from '../../protocol/device.ts';
import type { AppError } from '../../protocol/errors.ts';
import type { GenerationResult } from '../../protocol/generation.ts';
import type { Port } from '../../protocol/messages.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { type Handlers, serve, tellOfThreads } from '../../worker/serve.ts';
import { Client, type WorkerLink } from '../client.ts';

export const REQUEST = requestWith({ device: 'wasm', width: 128, height: 128, numInferenceSteps: 4 });
export const REPORT: DeviceReport = { auto: 'wasm', threads: 1 };
export const RESULT: GenerationResult = { seconds: 1 };
export const PROBE = { again: false };
export const PATIENCE = { abortMs: 30_000, silenceMs: 60_000, threadsMs: 30_000 };
export const IMPATIENCE = { abortMs: 50, silenceMs: 300, threadsMs: 100 };

interface StartedWorker {
  crash(message: string): void;
  terminated: boolean;
  hasOneThread: boolean;
  /** Tells of its threads. */
  threads(isStarting: boolean): void;
}

/** A worker in this thread: the real `serve` at the other end of a MessageChannel. */
export function workers(handlers: Partial<Handlers>, patience = PATIENCE) {
  const started: StartedWorker[] = [];
  const start = (): WorkerLink => {
    const { port1, port2 } = new MessageChannel();
    const quiet: Partial<Handlers> = {
      probe: async () => REPORT,
      countTokens: async () => ({ room: 75, texts: [], unnamed: 0 }),
      inspectImage: async () => ({ width: 1, height: 1, settings: null }),
      generate: async () => RESULT,
    };
    port2.start();
    port1.start();
    const state: StartedWorker = {
      crash: () => {},
      terminated: false,
      hasOneThread: false,
      threads: (isStarting) => tellOfThreads(port2 as unknown as Port, isStarting),
    };
    started.push(state);
    const startNoThreads = () => {
      state.hasOneThread = true;
    };
    const all = { ...quiet, ...handlers } as Handlers;
    serve(port2 as unknown as Port, all, startNoThreads, Promise.resolve());
    return {
      port: port1 as unknown as Port,
      onCrash: (listener) => {
        state.crash = listener;
      },
      terminate: () => {
        state.terminated = true;
        port1.close();
      },
    };
  };
  return { client: new Client(start, patience), started };
}

export const never = () => new Promise<never>(() => {});
export const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: AppError) => error.code,
  );
