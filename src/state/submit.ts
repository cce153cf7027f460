import type { StoreApi } from 'zustand/vanilla';
import type { GenerationRequest } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import type { Origin } from './generation.ts';
import type { Queue } from './queue.ts';

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
export type Submit = (request: GenerationRequest, signal: AbortSignal, origin: Origin) => Promise<Submitted>;

/** Lines it up with all else that is to be painted. */
export function submitTo(queue: StoreApi<Queue>): Submit {
  return async (request, signal, origin) => {
    signal.throwIfAborted();
    const id = queue.getState().add(request, origin);
    const cancel = () => queue.getState().cancel(id);
    signal.addEventListener('abort', cancel);
    try {
      const { pictures, result } = await queue.getState().finished(id);
      const png = pictures[0]?.png;
      if (!png) throw new AppError('aborted', 'Stopped.');
      return { png, seconds: result.seconds };
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
}
