import { AppError } from '../protocol/errors.ts';

/**
 * How long a GPU may do nothing at all. Each part of its work is far shorter: a command buffer holds 50 GFLOP, or one kernel,
 * which operating systems end after ten seconds at the most.
 */
export const STALL_MS = 45_000;

/** A driver that hangs says nothing, and every promise of it stays open. */
export const hung = (doing: string): AppError =>
  new AppError('device-lost', `The GPU has not answered for ${STALL_MS / 1000} s while it was ${doing}.`);

/**
 * What `call` gives, or `fault()` when it has not gone on for a while: what it waits for may never come.
 * @param call is given what it calls whenever it has gone on
 */
export function unlessStalled<T>(call: (note: () => void) => Promise<T>, fault: () => AppError): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const note = () => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(fault()), STALL_MS);
    };
    note();
    call(note)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
