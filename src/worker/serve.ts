import type { CallName, Calls } from '../protocol/calls.ts';
import { toWire } from '../protocol/errors.ts';
import type { ClientMessage, Port, WorkerMessage } from '../protocol/messages.ts';

/** What a handler is given beside its parameters. */
export interface CallContext<K extends CallName> {
  readonly signal: AbortSignal;
  progress(value: Calls[K]['progress'], transfer?: Transferable[]): void;
  /** Tells the page that this call waits for another one, so that its silence is no hang; then that it goes on. */
  waits(isWaiting: boolean): void;
}

/** What the worker does for each call. */
export type Handlers = {
  readonly [K in CallName]: (
    params: Calls[K]['params'],
    context: CallContext<K>,
  ) => Promise<Calls[K]['result']>;
};

/**
 * Answers the page's requests: each with any number of `progress`, and then one `done` or `failed`.
 * @param startNoThreads called before the first request where the page wants no further threads
 * @param life what `holdLife` gives: before it, nothing is begun that could end the worker
 */
export function serve(port: Port, handlers: Handlers, startNoThreads: () => void, life: Promise<void>): void {
  const running = new Map<number, AbortController>();
  const reply = (message: WorkerMessage, transfer: Transferable[] = []) =>
    port.postMessage(message, transfer);

  const handle = async (id: number, name: CallName, params: Calls[CallName]['params']): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    const handler = handlers[name] as (
      params: unknown,
      context: CallContext<CallName>,
    ) => Promise<Calls[CallName]['result']>;
    try {
      await life;
      const progress: CallContext<CallName>['progress'] = (value, transfer) =>
        reply({ kind: 'progress', id, value }, transfer);
      const waits = (isWaiting: boolean) => reply({ kind: 'waits', id, isWaiting });
      const value = await handler(params, { signal: controller.signal, progress, waits });
      reply({ kind: 'done', id, value });
    } catch (error) {
      reply({ kind: 'failed', id, error: toWire(error) });
    } finally {
      running.delete(id);
    }
  };

  /** Ports that are kept: they close with the worker. */
  const kept: MessagePort[] = [];
  port.addEventListener('message', ({ data }) => {
    const request = data as ClientMessage;
    if (request.kind === 'abort') running.get(request.id)?.abort();
    else if (request.kind === 'life') kept.push(request.port);
    else if (request.kind === 'one-thread') startNoThreads();
    else void handle(request.id, request.name, request.params);
  });
}

/**
 * Lets the worker read the messages that have come, such as an abort: it hears nothing while it computes. `setTimeout` would wait
 * four milliseconds each time (https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers).
 */
export function readMessages(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** How long the Web Lock may take to be granted. */
const LOCK_MS = 1_000;

/**
 * Holds the Web Lock of this name as long as the worker lives, and tells the page: it learns by it when the worker has ended.
 * @returns when it does, or when the browser refuses the lock or takes too long: the port of `life` tells then
 */
export function holdLife(port: Port, locks: LockManager | undefined, name: string): Promise<void> {
  return new Promise((resolve) => {
    const hold = () => {
      port.postMessage({ kind: 'lives' } satisfies WorkerMessage, []);
      resolve();
      return new Promise(() => {});
    };
    if (!locks) return resolve();
    locks.request(name, hold).catch(() => resolve());
    setTimeout(resolve, LOCK_MS);
  });
}

/** Tells the page before threads are started, and when they are there: it waits no longer for them than they need. */
export function tellOfThreads(port: Port, isStarting: boolean): void {
  port.postMessage({ kind: 'threads', isStarting } satisfies WorkerMessage, []);
}
