import { expect, test, vi } from 'vitest';
import { codeOf, IMPATIENCE, never, PATIENCE, PROBE, REQUEST, RESULT, workers } from './samples/workers.ts';

test('silence ends in worker-hung', async () => {
  const { client } = workers({ generate: never }, IMPATIENCE);
  expect(await codeOf(client.call('generate', REQUEST))).toBe('worker-hung');
});

test('an idle worker is left alone', async () => {
  const { client, started } = workers({}, IMPATIENCE);
  await client.call('probe', PROBE);
  await new Promise((resolve) => setTimeout(resolve, IMPATIENCE.silenceMs + 50));
  expect(started[0]?.terminated).toBe(false);
});

test('a call that hangs is told, however often another one is answered', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { client, started } = workers({ generate: never });
  const hung = codeOf(client.call('generate', REQUEST));
  const count = { model: 'trinket', texts: ['a'], embeddings: [] };
  // A person types, and each word is counted.
  for (let i = 0; i < 4; i++) {
    expect(await client.call('countTokens', count)).toMatchObject({ room: 75 });
    vi.advanceTimersByTime(PATIENCE.silenceMs * 0.3);
  }
  expect(await hung).toBe('worker-hung');
  expect(started[0]?.terminated).toBe(true);
  vi.useRealTimers();
});

test('a call that waits for another one has all the time of that', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let proceed = () => {};
  const turn = new Promise<void>((resolve) => {
    proceed = resolve;
  });
  const waiting = vi.fn();
  const { client } = workers({
    upscale: async (_, { waits }) => {
      waits(true);
      waiting();
      await turn;
      waits(false);
      return never();
    },
  });
  const upscale = { file: new Blob(), model: 'owner/times-two', device: 'auto' } as const;
  const code = codeOf(client.call('upscale', upscale));
  let isOver = false;
  void code.then(() => {
    isOver = true;
  });
  await vi.waitFor(() => expect(waiting).toHaveBeenCalled());
  await client.call('probe', PROBE);
  vi.advanceTimersByTime(PATIENCE.silenceMs * 2);
  await client.call('probe', PROBE);
  expect(isOver).toBe(false);
  proceed();
  await client.call('probe', PROBE);
  vi.advanceTimersByTime(PATIENCE.silenceMs);
  expect(await code, 'then it is its turn').toBe('worker-hung');
  vi.useRealTimers();
});

test('progress is a sign of life', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let proceed = () => {};
  const told = () =>
    new Promise<void>((resolve) => {
      proceed = resolve;
    });
  const { client } = workers({
    generate: async (_, { progress }) => {
      for (let i = 0; i < 5; i++) {
        await told();
        progress({ stage: 'encode' });
      }
      await told();
      return RESULT;
    },
  });
  let heard = 0;
  const call = client.call('generate', REQUEST, { onProgress: () => heard++ });
  // Messages come by themselves; only the clock is turned.
  while (heard < 5) {
    const before = heard;
    vi.advanceTimersByTime(PATIENCE.silenceMs * 0.4);
    while (heard === before) {
      proceed();
      await new Promise(setImmediate);
    }
  }
  proceed();
  expect(await codeOf(call)).toBe('done');
  vi.useRealTimers();
});
