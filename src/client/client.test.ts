import { describe, expect, test, vi } from 'vitest';
import { AppError } from '../protocol/errors.ts';
import type { GenerationProgress, GenerationResult } from '../protocol/generation.ts';
import type { Port } from '../protocol/messages.ts';
import type { ModelToFetch } from '../protocol/models.ts';
import type { Handlers } from '../worker/serve.ts';
import { Client } from './client.ts';
import {
  codeOf,
  IMPATIENCE,
  never,
  PATIENCE,
  PROBE,
  REPORT,
  REQUEST,
  RESULT,
  workers,
} from './samples/workers.ts';

test('a call gets its result, and one worker serves many', async () => {
  const { client, started } = workers({});
  expect(await client.call('probe', PROBE)).toEqual(REPORT);
  expect(await client.call('generate', REQUEST)).toEqual(RESULT);
  expect(started).toHaveLength(1);
});

test('progress arrives in order, with what was transferred', async () => {
  const { client } = workers({
    generate: async (_, { progress }) => {
      for (let i = 1; i <= 5; i++) {
        const preview = new ArrayBuffer(i) as unknown as ImageBitmap;
        progress({ stage: 'denoise', pass: 1, image: 0, step: i, steps: 5, secondsLeft: 0, preview }, [
          preview,
        ]);
        expect((preview as unknown as ArrayBuffer).byteLength).toBe(0);
      }
      return RESULT;
    },
  });
  const seen: [number, number][] = [];
  const onProgress = (value: GenerationProgress) => {
    if (value.stage === 'denoise')
      seen.push([value.step, (value.preview as unknown as ArrayBuffer).byteLength]);
  };
  await client.call('generate', REQUEST, { onProgress });
  expect(seen).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 4],
    [5, 5],
  ]);
});

test('an error crosses with its code and details', async () => {
  const { client } = workers({
    generate: async () => {
      throw new AppError('corrupt-file', 'damaged', { file: 'unet', expected: 1, found: 2 });
    },
  });
  const failure = client.call('generate', REQUEST);
  await expect(failure).rejects.toBeInstanceOf(AppError);
  await expect(failure).rejects.toMatchObject({
    code: 'corrupt-file',
    details: { file: 'unet', expected: 1, found: 2 },
  });
});

test('what is no AppError is a bug with its message', async () => {
  const { client } = workers({ generate: () => Promise.reject(new TypeError('x is undefined')) });
  await expect(client.call('generate', REQUEST)).rejects.toMatchObject({
    code: 'bug',
    message: 'TypeError: x is undefined',
  });
});

test('an abort is answered between two steps, and the worker lives on', async () => {
  const { client, started } = workers({
    generate: async (_, { signal }) => {
      for (;;) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        signal.throwIfAborted();
      }
    },
  });
  const controller = new AbortController();
  const running = client.call('generate', REQUEST, { signal: controller.signal });
  setTimeout(() => controller.abort(), 20);
  expect(await codeOf(running)).toBe('aborted');
  expect(await client.call('probe', PROBE)).toEqual(REPORT);
  expect(started).toHaveLength(1);
});

test('an abort that is not answered replaces the worker', async () => {
  const { client, started } = workers({ generate: never }, IMPATIENCE);
  const controller = new AbortController();
  const running = client.call('generate', REQUEST, { signal: controller.signal });
  controller.abort();
  expect(await codeOf(running)).toBe('aborted');
  expect(started[0]?.terminated).toBe(true);
  expect(await client.call('probe', PROBE)).toEqual(REPORT);
  expect(started).toHaveLength(2);
});

test('an abort with patience waits for the step to end, and the worker lives on', async () => {
  let endStep = () => {};
  const { client, started } = workers(
    {
      live: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          endStep = () => reject(signal.reason);
        }),
    },
    IMPATIENCE,
  );
  const controller = new AbortController();
  const running = codeOf(client.call('live', REQUEST, { patientSignal: controller.signal }));
  controller.abort();
  await new Promise((resolve) => setTimeout(resolve, 2 * IMPATIENCE.abortMs));
  expect(started[0]?.terminated).toBe(false);
  endStep();
  expect(await running).toBe('aborted');
  expect(await client.call('probe', PROBE)).toEqual(REPORT);
  expect(started).toHaveLength(1);
});

test('patience ends with an abort without it', async () => {
  const { client, started } = workers({ live: never }, IMPATIENCE);
  const [patient, abort] = [new AbortController(), new AbortController()];
  const options = { signal: abort.signal, patientSignal: patient.signal };
  const running = codeOf(client.call('live', REQUEST, options));
  patient.abort();
  abort.abort();
  expect(await running).toBe('aborted');
  expect(started[0]?.terminated).toBe(true);
});

test('a crash rejects all that is pending; the next call starts a new worker', async () => {
  const { client, started } = workers({ generate: never });
  const pending = [codeOf(client.call('generate', REQUEST)), codeOf(client.call('generate', REQUEST))];
  started[0]?.crash('out of its mind');
  expect(await Promise.all(pending)).toEqual(['worker-crashed', 'worker-crashed']);
  expect(await client.call('probe', PROBE)).toEqual(REPORT);
  expect(started).toHaveLength(2);
});

test('an abort that is not answered is no abort of the other calls', async () => {
  const { client } = workers({ generate: never, upscale: never }, IMPATIENCE);
  const controller = new AbortController();
  const stopped = client.call('generate', REQUEST, { signal: controller.signal });
  const other = client.call('upscale', { file: new Blob(), model: 'owner/times-two', device: 'auto' });
  controller.abort();
  expect(await Promise.all([codeOf(stopped), codeOf(other)])).toEqual(['aborted', 'worker-crashed']);
});

describe('a worker that computes on the CPU hears nothing, and its picture outlives', () => {
  const upscale = { file: new Blob(), model: 'owner/times-two', device: 'auto' } as const;
  const download = { model: {} as ModelToFetch, access: { endpoint: 'https://huggingface.co', token: null } };
  test.each([
    ['an upscale that is stopped while it waits', 'upscale', upscale],
    ['a download that is paused', 'installModel', download],
  ] as const)('%s', async (_, name, params) => {
    let paint = (_: GenerationResult) => {};
    const deaf: Partial<Handlers> = {
      generate: () =>
        new Promise((resolve) => {
          paint = resolve;
        }),
      upscale: never,
      installModel: never,
    };
    const { client, started } = workers(deaf, IMPATIENCE);
    const painting = client.call('generate', REQUEST);
    const controller = new AbortController();
    const stopped = client.call(name, params as never, { signal: controller.signal });
    await client.call('probe', PROBE);
    controller.abort();
    expect(await codeOf(stopped)).toBe('aborted');
    expect(started[0]?.terminated).toBe(false);
    paint(RESULT);
    expect(await painting).toEqual(RESULT);
  });
});

test.each([
  'out-of-memory',
  'device-lost',
] as const)('after %s the next call has a new worker', async (code) => {
  const { client, started } = workers({ generate: () => Promise.reject(new AppError(code, 'over')) });
  expect(await codeOf(client.call('generate', REQUEST))).toBe(code);
  expect(started[0]?.terminated).toBe(true);
  expect(await client.call('probe', PROBE)).toEqual(REPORT);
  expect(started).toHaveLength(2);
});

test('a bitmap that comes after its call is over is closed', () => {
  class Bitmap {
    closed = false;
    close() {
      this.closed = true;
    }
  }
  vi.stubGlobal('ImageBitmap', Bitmap);
  let deliver: (event: MessageEvent) => void = () => {};
  const port: Port = {
    postMessage: () => {},
    addEventListener: (_, listener) => {
      deliver = listener;
    },
  };
  const client = new Client(() => ({ port, onCrash: () => {}, terminate: () => {} }), PATIENCE);
  const seen: GenerationProgress[] = [];
  void client.call('generate', REQUEST, { onProgress: (value) => seen.push(value) });
  const send = (data: unknown) => deliver({ data } as MessageEvent);
  const preview = new Bitmap();
  const late = new Bitmap();
  send({ kind: 'progress', id: 1, value: { stage: 'denoise', pass: 1, preview } });
  send({ kind: 'done', id: 1, value: RESULT });
  send({ kind: 'progress', id: 1, value: { stage: 'denoise', pass: 1, preview: late } });
  expect([seen.length, preview.closed, late.closed]).toEqual([1, false, true]);
  vi.unstubAllGlobals();
});

test('params that cannot be cloned are refused at once', async () => {
  const { client } = workers({});
  const request = { ...REQUEST, prompt: (() => {}) as unknown as string };
  await expect(client.call('generate', request)).rejects.toThrow(/could not be cloned/);
  expect(await client.call('probe', PROBE)).toEqual(REPORT);
});

test('a call with a signal already aborted never reaches the worker', async () => {
  const { client, started } = workers({});
  expect(await codeOf(client.call('generate', REQUEST, { signal: AbortSignal.abort() }))).toBe('aborted');
  expect(started).toHaveLength(0);
});

describe('a worker whose threads', () => {
  test('do not come is replaced by one without, which is given all calls', async () => {
    let isFirst = true;
    const { client, started } = workers(
      {
        generate: async () => {
          if (!isFirst) return RESULT;
          isFirst = false;
          started[0]?.threads(true);
          return never();
        },
        countTokens: async () => (started.length > 1 ? { room: 7, texts: [], unnamed: 0 } : never()),
      },
      { ...PATIENCE, threadsMs: 50 },
    );
    const count = client.call('countTokens', { model: 'trinket', texts: ['a'], embeddings: [] });
    expect(await client.call('generate', REQUEST)).toEqual(RESULT);
    expect(await count).toMatchObject({ room: 7 });
    expect(started.map(({ terminated, hasOneThread }) => [terminated, hasOneThread])).toEqual([
      [true, false],
      [false, true],
    ]);
    started[1]?.crash('It ended.');
    await client.call('probe', PROBE);
    expect(started[2]?.hasOneThread).toBe(true);
  });

  test('come in time is kept', async () => {
    const { client, started } = workers(
      {
        generate: async () => {
          started[0]?.threads(true);
          started[0]?.threads(false);
          await new Promise((resolve) => setTimeout(resolve, 100));
          return RESULT;
        },
      },
      { ...PATIENCE, threadsMs: 50 },
    );
    await client.call('generate', REQUEST);
    expect(started).toHaveLength(1);
  });

  test('do not come is not asked again for what was stopped meanwhile', async () => {
    const generate = vi.fn(async () => {
      started[0]?.threads(true);
      return never();
    });
    const { client, started } = workers({ generate }, { ...PATIENCE, threadsMs: 50 });
    const controller = new AbortController();
    const stopped = codeOf(client.call('generate', REQUEST, { signal: controller.signal }));
    controller.abort();
    expect(await stopped).toBe('aborted');
    expect(generate).toHaveBeenCalledTimes(1);
  });
});
