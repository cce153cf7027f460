import { expect, test, vi } from 'vitest';
import { loadTwice } from './load-twice.ts';

test('what does not come at first is asked for once more, and no oftener', async () => {
  vi.useFakeTimers();
  const comes = vi
    .fn()
    .mockRejectedValueOnce(new TypeError('a broken connection'))
    .mockResolvedValue('a screen');
  const loaded = loadTwice(comes);
  await vi.runAllTimersAsync();
  expect(await loaded).toBe('a screen');

  const never = vi.fn().mockRejectedValue(new TypeError('no network'));
  const failed = expect(loadTwice(never)).rejects.toThrow('no network');
  await vi.runAllTimersAsync();
  await failed;
  expect(never).toHaveBeenCalledTimes(2);
  vi.useRealTimers();
});
