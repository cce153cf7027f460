import type { StoreApi } from 'zustand/vanilla';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type { Origin } from './generation-store.ts';
import type { Queue } from './queue-store.ts';

/** A picture that was asked for. */
export interface Submitted {
  readonly png: Blob;
  /** From the request's start to the picture. */
  readonly seconds: number;
}

/**
 * Asks for one picture and waits until it is there.
 * @throws AppError what went wrong; aborted when it was stopped, by the signal or by a person
 */
export type Submit = (request: GenerationRequest, origin: Origin, signal: AbortSignal) => Promise<Submitted>;

/** Lines requests up in the queue. */
export function submitTo(queue: StoreApi<Queue>): Submit {
  return async (request, origin, signal) => {
    signal.throwIfAborted();
    const { add, finished, cancel } = queue.getState();
    const id = add(request, origin);
    const onAbort = () => cancel(id);
    signal.addEventListener('abort', onAbort);
    try {
      const { pictures, result } = await finished(id);
      const png = pictures[0]?.png;
      if (!png) throw new AppError('bug', 'A finished run holds no picture.');
      return { png, seconds: result.seconds };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}
