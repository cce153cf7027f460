/**
 * Writes one value after the other; of those that come while one is being written, only the newest.
 * @returns what resolves when the newest of that time is written
 */
export function newestOnly<T>(write: (value: T) => Promise<unknown>): (value: T) => Promise<void> {
  let waiting: { readonly value: T } | null = null;
  let last: Promise<void> = Promise.resolve();
  const next = async () => {
    const newest = waiting;
    waiting = null;
    if (newest) await write(newest.value);
  };
  return (value) => {
    waiting = { value };
    last = last.then(next, next);
    return last;
  };
}
