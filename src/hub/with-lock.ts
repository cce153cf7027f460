import { AppError } from '../protocol/errors.ts';

/**
 * Holds a Web Lock while `use` runs.
 * @throws AppError no-storage where the browser forbids locks: without them two tabs would write the same file; what `use` throws
 */
export async function withLock<T>(
  name: string,
  options: LockOptions,
  use: (lock: Lock | null) => Promise<T>,
): Promise<T> {
  let isAsked = false;
  try {
    const held = navigator.locks.request(name, options, (lock) => {
      isAsked = true;
      return use(lock);
    });
    return await (held as Promise<T>);
  } catch (cause) {
    if (isAsked || options.signal?.aborted) throw cause;
    throw new AppError('no-storage', `Web Locks: ${cause}`, {}, { cause });
  }
}
