import type { CallName, Calls } from '../protocol/calls.ts';

/** Calls the worker: the client, or a stand-in for it in tests. */
export interface Caller {
  call<K extends CallName>(
    name: K,
    params: Calls[K]['params'],
    options?: { signal?: AbortSignal; onProgress?: (value: Calls[K]['progress']) => void },
  ): Promise<Calls[K]['result']>;
}
