import type { CallName, Calls } from '../protocol/calls.ts';
import { AppError, type ErrorCode, fromWire } from '../protocol/errors.ts';
import type { ClientMessage, Port, WorkerMessage } from '../protocol/messages.ts';
import type { CallOptions } from './caller.ts';
import { SilenceClock } from './silence-clock.ts';

/** What the client needs of a worker; tests give it one that is no thread. */
export interface WorkerLink {
  readonly port: Port;
  /** Calls `listener` when the worker has crashed, perhaps more than once. */
  onCrash(listener: (message: string) => void): void;
  terminate(): void;
}

/** How long the client waits before it replaces the worker. */
export interface Timeouts {
  /** For the answer to an abort. */
  readonly abortMs: number;
  /** For any message of a call, unless it waits for another one. */
  readonly silenceMs: number;
  /** For the start of its threads. */
  readonly threadsMs: number;
}

interface Pending {
  readonly name: CallName;
  readonly message: ClientMessage;
  isAborted(): boolean;
  readonly clock: SilenceClock;
  /** Ends its clocks and its listener. */
  settle(): void;
  resolve(value: unknown): void;
  reject(error: AppError): void;
  onProgress?: ((progress: never) => void) | undefined;
}

// A stop is promised within three seconds; a large model may load for two minutes without a message.
// Threads take as long as the wasm does to compile: 3.5 s in Firefox on two busy cores.
const TIMEOUTS: Timeouts = { abortMs: 2_000, silenceMs: 180_000, threadsMs: 20_000 };

/** After these errors the worker is replaced: its GPU is gone, or its heap is full and never shrinks. */
const FATAL: readonly ErrorCode[] = ['device-lost', 'out-of-memory'];

/** While the worker computes one of these on the CPU it hears nothing. It computes one at a time, in order. */
const COMPUTING: readonly CallName[] = [
  ...(['generate', 'live', 'keepStopped', 'upscale'] as const),
  ...(['removeBackground', 'segment', 'makeMap', 'measureGpu'] as const),
];

/**
 * The page's side of the worker. A worker that crashes, hangs or ignores an abort is ended: all pending calls fail, and the
 * next call starts a new worker.
 */
export class Client {
  readonly #start: () => WorkerLink;
  readonly #timeouts: Timeouts;
  readonly #pending = new Map<number, Pending>();
  #link: WorkerLink | undefined;
  /** Whether workers start threads of their own; not again once they did not come. */
  #startsThreads = true;
  /** Runs while the worker's threads are started. */
  #threads: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;

  constructor(start: () => WorkerLink, timeouts: Timeouts = TIMEOUTS) {
    this.#start = start;
    this.#timeouts = timeouts;
  }

  /** @throws AppError the worker's own; or aborted, worker-crashed, worker-hung */
  call<K extends CallName>(
    name: K,
    params: Calls[K]['params'],
    { signal, patientSignal, onProgress }: CallOptions<K> = {},
  ): Promise<Calls[K]['result']> {
    return new Promise((resolve, reject) => {
      const isAborted = () => (signal?.aborted || patientSignal?.aborted) ?? false;
      if (isAborted()) throw new AppError('aborted', 'Stopped before it began.');
      const id = this.#nextId++;
      this.#link ??= this.#open();
      const message = { kind: 'call', id, name, params } as ClientMessage;
      // Where the params cannot be cloned this throws, before the call is pending.
      this.#link.port.postMessage(message, []);

      let deadline: ReturnType<typeof setTimeout> | undefined;
      const ask = () => this.#link?.port.postMessage({ kind: 'abort', id } satisfies ClientMessage, []);
      const abort = () => {
        ask();
        deadline = setTimeout(() => this.#endUnanswered(id), this.#timeouts.abortMs);
      };
      const clock = new SilenceClock(this.#timeouts.silenceMs, () =>
        this.#replace('worker-hung', 'The engine stopped answering.'),
      );
      const settle = () => {
        clock.stop();
        clearTimeout(deadline);
        signal?.removeEventListener('abort', abort);
        patientSignal?.removeEventListener('abort', ask);
      };
      this.#pending.set(id, {
        ...{ name, message, isAborted, clock, settle },
        resolve: resolve as Pending['resolve'],
        reject,
        onProgress: onProgress as Pending['onProgress'],
      });
      signal?.addEventListener('abort', abort, { once: true });
      patientSignal?.addEventListener('abort', ask, { once: true });
    });
  }

  #open(): WorkerLink {
    const link = this.#start();
    link.port.addEventListener('message', (event) => this.#receive(event.data as WorkerMessage));
    link.onCrash((message) => {
      if (this.#link === link) this.#replace('worker-crashed', message);
    });
    if (!this.#startsThreads) link.port.postMessage({ kind: 'one-thread' } satisfies ClientMessage, []);
    return link;
  }

  #receive(reply: WorkerMessage): void {
    if (reply.kind === 'lives') return;
    if (reply.kind === 'threads') {
      clearTimeout(this.#threads);
      if (reply.isStarting)
        this.#threads = setTimeout(() => this.#doWithoutThreads(), this.#timeouts.threadsMs);
      return;
    }
    const pending = this.#pending.get(reply.id);
    if (!pending) {
      if (reply.kind === 'progress') closeBitmaps(reply.value);
      return;
    }
    if (reply.kind === 'waits') {
      pending.clock.wait(reply.isWaiting);
      return;
    }
    if (reply.kind === 'progress') {
      pending.clock.restart();
      pending.onProgress?.(reply.value as never);
      return;
    }
    this.#pending.delete(reply.id);
    pending.settle();
    if (reply.kind === 'done') {
      pending.resolve(reply.value);
      return;
    }
    const error = fromWire(reply.error);
    pending.reject(error);
    if (FATAL.includes(error.code)) this.#replace('worker-crashed', error.message);
  }

  /**
   * A call did not stop in time. Where another one computes, the worker hears of it when that has time to listen; else the
   * worker is ended: the call was aborted, and the others did not ask for it.
   */
  #endUnanswered(id: number): void {
    const pending = this.#pending.get(id);
    const [computed] = [...this.#pending].find(([, { name }]) => COMPUTING.includes(name)) ?? [id];
    this.#pending.delete(id);
    pending?.settle();
    if (computed === id)
      this.#replace('worker-crashed', 'The engine was ended because another call did not stop.');
    pending?.reject(new AppError('aborted', 'Stopped.'));
  }

  /**
   * Gives all calls to a worker that starts no threads, as all later ones do: in Firefox one that a worker starts may never come, and may keep the worker
   * that starts it from ever hearing anything again.
   */
  #doWithoutThreads(): void {
    this.#link?.terminate();
    this.#startsThreads = false;
    this.#link = this.#open();
    for (const [id, pending] of this.#pending) {
      if (pending.isAborted()) {
        this.#pending.delete(id);
        pending.settle();
        pending.reject(new AppError('aborted', 'Stopped.'));
      } else {
        pending.clock.begin();
        this.#link.port.postMessage(pending.message, []);
      }
    }
  }

  /** Ends the worker and fails all pending calls. */
  #replace(code: 'worker-crashed' | 'worker-hung', message: string): void {
    this.#link?.terminate();
    this.#link = undefined;
    clearTimeout(this.#threads);
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) {
      pending.settle();
      pending.reject(new AppError(code, message));
    }
  }
}

/** Frees the bitmaps of a call that is not pending any more. */
function closeBitmaps(progress: object): void {
  for (const value of Object.values(progress)) if (value instanceof ImageBitmap) value.close();
}
