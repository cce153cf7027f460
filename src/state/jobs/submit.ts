import type { StoreApi } from 'zustand/vanilla';
import { AppError } from '../../protocol/errors.ts';
import type { GenerationRequest } from '../../protocol/generation.ts';
import type { Queue } from './queue-store.ts';
import type { Origin } from './run.ts';

/** The picture of a submitted request. */
export interface Submitted {
  readonly png: Blob;
  /** From the start of the job to the picture. */
  readonly seconds: number;
}

/**
 * Requests one picture and waits for it.
 * @throws AppError the job's own; aborted when the signal or a person stopped it
 */
export type Submit = (request: GenerationRequest, origin: Origin, signal: AbortSignal) => Promise<Submitted>;

/** Submits requests to the queue. */
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
