import type { CallName, Calls } from '../protocol/calls.ts';
import { AppError, type ErrorCode, fromWire } from '../protocol/errors.ts';
import type { ClientMessage, Port, WorkerMessage } from '../protocol/messages.ts';

/** A running worker: its port, the news of its death, and the way to end it. */
export interface WorkerLink {
  readonly port: Port;
  /** Called once when the worker has crashed. */
  onCrash(listener: (message: string) => void): void;
  terminate(): void;
}

export interface CallOptions<K extends CallName> {
  /** Asks the worker to stop at the next step; if it does not, it is replaced. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Calls[K]['progress']) => void;
}

export interface Patience {
  /** How long a worker may take to answer an abort. */
  readonly abortMs: number;
  /** How long a worker may stay silent during a call. */
  readonly silenceMs: number;
}

interface Pending {
  /** Stops its clock and listener. */
  settle(): void;
  resolve(value: unknown): void;
  reject(error: AppError): void;
  onProgress?: ((progress: never) => void) | undefined;
}

// A hard stop is promised within three seconds; a large model may load for two minutes without a word.
const PATIENCE: Patience = { abortMs: 2_000, silenceMs: 180_000 };

/** After these a worker is not to be trusted: its GPU is gone, or its heap is full and never shrinks. */
const FATAL: readonly ErrorCode[] = ['device-lost', 'out-of-memory'];

/**
 * The page's end of the worker. A worker that crashes, hangs or ignores an abort is replaced: what was pending
 * fails with a code, the next call starts a new one.
 */
export class Client {
  readonly #start: () => WorkerLink;
  readonly #patience: Patience;
  readonly #pending = new Map<number, Pending>();
  #link: WorkerLink | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #nextId = 1;

  constructor(start: () => WorkerLink, patience: Patience = PATIENCE) {
    this.#start = start;
    this.#patience = patience;
  }

  /** @throws AppError as the worker raised it, or aborted, worker-crashed, worker-hung */
  call<K extends CallName>(
    name: K,
    params: Calls[K]['params'],
    { signal, onProgress }: CallOptions<K> = {},
  ): Promise<Calls[K]['result']> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) throw new AppError('aborted', 'Stopped before it began.');
      const id = this.#nextId++;
      this.#link ??= this.#open();
      const { port } = this.#link;
      // Throws at once, before anything is pending, when the params cannot be cloned.
      port.postMessage({ kind: 'call', id, name, params } as ClientMessage, []);

      let deadline: ReturnType<typeof setTimeout> | undefined;
      const abort = () => {
        port.postMessage({ kind: 'abort', id } satisfies ClientMessage, []);
        deadline = setTimeout(() => this.#replace('aborted', 'Stopped.'), this.#patience.abortMs);
      };
      const settle = () => {
        clearTimeout(deadline);
        signal?.removeEventListener('abort', abort);
      };
      this.#pending.set(id, {
        settle,
        resolve: resolve as Pending['resolve'],
        reject,
        onProgress: onProgress as Pending['onProgress'],
      });
      signal?.addEventListener('abort', abort, { once: true });
      this.#listen();
    });
  }

  #open(): WorkerLink {
    const link = this.#start();
    link.port.addEventListener('message', (event) => this.#receive(event.data as WorkerMessage));
    link.onCrash((message) => {
      if (this.#link === link) this.#replace('worker-crashed', message);
    });
    return link;
  }

  #receive(reply: WorkerMessage): void {
    const pending = this.#pending.get(reply.id);
    if (!pending) {
      if (reply.kind === 'progress') closeBitmaps(reply.value);
      return;
    }
    if (reply.kind === 'progress') {
      this.#listen();
      pending.onProgress?.(reply.value as never);
      return;
    }
    this.#pending.delete(reply.id);
    pending.settle();
    this.#listen();
    if (reply.kind === 'done') {
      pending.resolve(reply.value);
      return;
    }
    const error = fromWire(reply.error);
    pending.reject(error);
    if (FATAL.includes(error.code)) this.#replace('worker-crashed', error.message);
  }

  /** Any message is a sign of life for all that is pending: the silence is counted from here. */
  #listen(): void {
    clearTimeout(this.#silence);
    if (this.#pending.size === 0) return;
    this.#silence = setTimeout(
      () => this.#replace('worker-hung', 'The engine stopped answering.'),
      this.#patience.silenceMs,
    );
  }

  /** Ends the worker and fails all that waited for it; the next call starts another. */
  #replace(code: 'aborted' | 'worker-crashed' | 'worker-hung', message: string): void {
    this.#link?.terminate();
    this.#link = undefined;
    clearTimeout(this.#silence);
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of waiting) {
      pending.settle();
      pending.reject(new AppError(code, message));
    }
  }
}

/** Pictures nobody waits for any more hold memory until they are closed. */
function closeBitmaps(progress: object): void {
  for (const value of Object.values(progress)) if (value instanceof ImageBitmap) value.close();
}
