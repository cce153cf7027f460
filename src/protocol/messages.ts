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
  | { readonly kind: 'abort'; readonly id: number }
  /** Before the first call: the worker starts no threads of its own. */
  | { readonly kind: 'one-thread' }
  /** To be kept as long as the worker lives: its other end is told when that is over. Sent where there are no Web Locks. */
  | { readonly kind: 'life'; readonly port: MessagePort };

/** Worker → page: for each call any number of `progress` and `waits`, then exactly one `done` or `failed`. */
export type WorkerMessage =
  /** The worker holds the Web Lock of its own name from now until it ends. */
  | { readonly kind: 'lives' }
  /** The worker starts threads of its own, and hears nothing until they are there; or they are. */
  | { readonly kind: 'threads'; readonly isStarting: boolean }
  | { readonly kind: 'progress'; readonly id: number; readonly value: Calls[CallName]['progress'] }
  /** The call waits for another to end, and so says nothing; or it waits no more. A call may wait for several things at once. */
  | { readonly kind: 'waits'; readonly id: number; readonly isWaiting: boolean }
  | { readonly kind: 'done'; readonly id: number; readonly value: Calls[CallName]['result'] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** What both sides need of a Worker or MessagePort; tests use a MessageChannel. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
