import type { CallName, Calls } from '../protocol/calls.ts';
import { toWire } from '../protocol/errors.ts';
import type { ClientMessage, Port, WorkerMessage } from '../protocol/messages.ts';

/** What a handler is given beside its parameters. */
export interface CallContext<K extends CallName> {
  readonly signal: AbortSignal;
  progress(value: Calls[K]['progress'], transfer?: Transferable[]): void;
}

/** What the worker does for each call. */
export type Handlers = {
  readonly [K in CallName]: (
    params: Calls[K]['params'],
    context: CallContext<K>,
  ) => Promise<Calls[K]['result']>;
};

/** Answers the page's requests: each with any number of `progress`, and then one `done` or `failed`. */
export function serve(port: Port, handlers: Handlers): void {
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
      const progress: CallContext<CallName>['progress'] = (value, transfer) =>
        reply({ kind: 'progress', id, value }, transfer);
      const value = await handler(params, { signal: controller.signal, progress });
      reply({ kind: 'done', id, value });
    } catch (error) {
      reply({ kind: 'failed', id, error: toWire(error) });
    } finally {
      running.delete(id);
    }
  };

  port.addEventListener('message', ({ data }) => {
    const request = data as ClientMessage;
    if (request.kind === 'abort') running.get(request.id)?.abort();
    else void handle(request.id, request.name, request.params);
  });
}
