import type { CallName, Calls } from './calls.ts';
import type { WireError } from './errors.ts';

/** Page → worker. `id` is unique per client. */
export type Request =
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
export type Reply =
  | { readonly kind: 'progress'; readonly id: number; readonly value: Calls[CallName]['progress'] }
  | { readonly kind: 'done'; readonly id: number; readonly value: Calls[CallName]['result'] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: WireError };

/** The part of Worker and MessagePort that both sides need; tests use a MessageChannel. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
