import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../client/caller.ts';
import type { TokenCounts } from '../../protocol/calls.ts';
import { AppError } from '../../protocol/errors.ts';
import { createTokensStore } from './tokens-store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A store whose counts are answered by hand. */
function setup() {
  const asked: { texts: readonly string[]; answer: (counts: TokenCounts | AppError) => void }[] = [];
  const call = (_: string, { texts }: { texts: readonly string[] }) =>
    new Promise((resolve, reject) => {
      const answer = (counts: TokenCounts | AppError) =>
        counts instanceof AppError ? reject(counts) : resolve(counts);
      asked.push({ texts, answer });
    });
  return { asked, tokens: createTokensStore({ call } as unknown as Caller).getState };
}

test('texts are counted after a pause, and an answer that comes late is not shown', async () => {
  const { asked, tokens } = setup();
  tokens().count('trinket', ['a'], []);
  tokens().count('trinket', ['a red'], []);
  await vi.advanceTimersByTimeAsync(1000);
  tokens().count('trinket', ['a red apple'], []);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.map(({ texts }) => texts)).toEqual([['a red'], ['a red apple']]);
  asked[1]?.answer({ room: 75, texts: [[3]], unnamed: 0 });
  await vi.advanceTimersByTimeAsync(0);
  asked[0]?.answer({ room: 75, texts: [[2]], unnamed: 0 });
  await vi.advanceTimersByTimeAsync(0);
  expect(tokens().counts).toEqual({ room: 75, texts: [[3]], unnamed: 0 });
});

test('a count that fails shows nothing', async () => {
  const { asked, tokens } = setup();
  tokens().count('trinket', ['a'], []);
  await vi.advanceTimersByTimeAsync(1000);
  asked[0]?.answer(new AppError('download-failed', 'gone'));
  await vi.advanceTimersByTimeAsync(0);
  expect(tokens().counts).toBeNull();
});
