import type { CallName, Calls } from '../protocol/calls.ts';

/** Who makes calls of the worker: the client, or a stand-in for it. */
export interface Caller {
  call<K extends CallName>(
    name: K,
    params: Calls[K]['params'],
    options?: { signal?: AbortSignal; onProgress?: (value: Calls[K]['progress']) => void },
  ): Promise<Calls[K]['result']>;
}
