import type { CallName, Calls } from './calls.ts';
import type { WireError } from './errors.ts';

/** Page → worker: a call, or the wish to end one. `id` is unique per client. */
export type ClientMessage =
  | {
      [K in CallName]: {
        readonly kind: 'call';
        readonly id: number;
        readonly name: K;
        readonly params: Calls[K]['params'];
      };
    }[CallName]
  | { readonly kind: 'abort'; readonly id: number };

/** Worker → page: any number of `progress`, then exactly one `done` or `failed`. */
export type WorkerMessage =
  | { readonly kind: 'progress'; readonly id: number; readonly value: Calls[CallName]['progress'] }
  | { readonly kind: 'done'; readonly id: number; readonly value: Calls[CallName]['result'] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** What both sides need of a Worker or MessagePort; tests use a MessageChannel. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
