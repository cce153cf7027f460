import type { CallName, Calls } from '../protocol/calls.ts';

/** How a call is stopped and followed. */
export interface CallOptions<K extends CallName> {
  /** Aborting asks the worker to stop at the next step; if it does not, it is replaced. */
  readonly signal?: AbortSignal;
  /** Aborting asks the same, and waits for the answer however long a step takes: the model stays loaded. */
  readonly patientSignal?: AbortSignal;
  readonly onProgress?: (progress: Calls[K]['progress']) => void;
}

/** Calls the worker: the client, or a stand-in for it in tests. */
export interface Caller {
  call<K extends CallName>(
    name: K,
    params: Calls[K]['params'],
    options?: CallOptions<K>,
  ): Promise<Calls[K]['result']>;
}
