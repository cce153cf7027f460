import { AppError } from '../protocol/errors.ts';

const LOOK_MS = 5_000;
/**
 * How often in a row a GPU may be seen to do nothing at all. Each part of its work is far shorter than that: a command buffer
 * holds 50 GFLOP, or one kernel, which operating systems end after ten seconds at the most. Looks are counted and not seconds: a
 * computer that slept has looked once.
 */
const STILL_LOOKS = 9;
/** The same in time. */
export const STALL_MS = STILL_LOOKS * LOOK_MS;

/** A driver that hangs says nothing, and every promise of it stays open. */
export const hung = (doing: string): AppError =>
  new AppError('device-lost', `The GPU has not answered for ${STALL_MS / 1000} s while it was ${doing}.`);

/**
 * What `call` gives, or `fault()` when it has not gone on for a while: what it waits for may never come.
 * @param call is given what it calls whenever it has gone on
 */
export async function unlessStalled<T>(
  call: (note: () => void) => Promise<T>,
  fault: () => AppError,
): Promise<T> {
  let stillLooks = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const stalled = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (++stillLooks >= STILL_LOOKS) reject(fault());
    }, LOOK_MS);
  });
  const note = () => {
    stillLooks = 0;
  };
  try {
    return await Promise.race([call(note), stalled]);
  } finally {
    clearInterval(timer);
  }
}
