import { expect, test } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import { AppError } from '../../protocol/errors.ts';
import { createHubSearchStore } from './hub-search-store.ts';

const ACCESS = { endpoint: 'https://hub.test', token: null };

test('the answer to the last search is shown, an older one is not; a fault stands until the next search', async () => {
  const calls: { signal: AbortSignal; resolve(found: unknown): void; reject(error: unknown): void }[] = [];
  const call = (_: string, __: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => calls.push({ signal, resolve, reject }));
  const store = createHubSearchStore({ call } as unknown as Caller);
  const { search } = store.getState();
  const first = search('cat', ACCESS);
  const second = search('dog', ACCESS);
  expect(calls[0]?.signal.aborted).toBe(true);
  calls[1]?.resolve([{ repo: 'a/dog' }]);
  calls[0]?.reject(new AppError('aborted', 'Stopped.'));
  await Promise.all([first, second]);
  expect(store.getState()).toMatchObject({ words: 'dog', found: [{ repo: 'a/dog' }], isSearching: false });
  const third = search('fox', ACCESS);
  calls[2]?.reject(new AppError('download-failed', 'Busy.', { status: '429' }));
  await third;
  expect(store.getState()).toMatchObject({
    found: null,
    isSearching: false,
    error: { details: { status: '429' } },
  });
  void search('owl', ACCESS);
  expect(store.getState()).toMatchObject({ isSearching: true, error: null });
});
