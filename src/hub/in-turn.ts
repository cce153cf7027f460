import { withLock } from './with-lock.ts';

/** How a job that may have to wait is stopped, and who is told that it waits. */
export interface TurnOptions {
  readonly signal: AbortSignal;
  /** Called with true when the job waits, and with false when it begins. */
  readonly waits: (isWaiting: boolean) => void;
}

/**
 * Runs a job while it holds a Web Lock, which another task or tab may hold for as long as it likes.
 * @throws AppError no-storage where the browser forbids locks; AbortError; what the job throws
 */
export function inTurn<T>(lock: string, { signal, waits }: TurnOptions, job: () => Promise<T>): Promise<T> {
  waits(true);
  return withLock(lock, { signal }, () => {
    waits(false);
    return job();
  });
}
