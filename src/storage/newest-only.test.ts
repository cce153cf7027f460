import { expect, test, vi } from 'vitest';
import { newestOnly } from './newest-only.ts';

test('of what comes while something is being written, only the newest is written', async () => {
  const written: string[] = [];
  const save = newestOnly(async (value: string) => void written.push(value));
  await Promise.all(['one', 'two', 'three'].map(save));
  expect(written).toEqual(['three']);
  await save('four');
  expect(written).toEqual(['three', 'four']);
});

test('what could not be written is told to who asked for it, and the next is written', async () => {
  const write = vi.fn(async (_: string) => {});
  write.mockRejectedValueOnce(new Error('full'));
  const save = newestOnly(write);
  await expect(save('one')).rejects.toThrow('full');
  await save('two');
  expect(write).toHaveBeenLastCalledWith('two');
});
