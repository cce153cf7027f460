import { expect, test, vi } from 'vitest';
import type { DeviceReport } from '../protocol/device.ts';
import { AppError } from '../protocol/errors.ts';
import type { GenerationProgress, GenerationResult } from '../protocol/generation.ts';
import type { Port } from '../protocol/messages.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { type Handlers, serve } from '../worker/serve.ts';
import { Client, type WorkerLink } from './client.ts';

const REQUEST = requestWith({ device: 'wasm', width: 128, height: 128, numInferenceSteps: 4 });
const REPORT: DeviceReport = { auto: 'wasm', f16: false, threads: 1 };
const RESULT: GenerationResult = { seconds: 1, device: 'wasm' };
const PATIENCE = { abortMs: 30_000, silenceMs: 60_000 };
const IMPATIENCE = { abortMs: 50, silenceMs: 300 };

/** A worker in this thread: the real `serve` at the other end of a MessageChannel. */
function workers(handlers: Partial<Handlers>, patience = PATIENCE) {
  const started: { crash(message: string): void; terminated: boolean }[] = [];
  const start = (): WorkerLink => {
    const { port1, port2 } = new MessageChannel();
    const quiet: Partial<Handlers> = {
      probe: async () => REPORT,
      countTokens: async () => ({ room: 75, texts: [], unnamed: 0 }),
      inspectImage: async () => ({ width: 1, height: 1, settings: null }),
      generate: async () => RESULT,
    };
    serve(port2 as unknown as Port, { ...quiet, ...handlers } as Handlers);
    port2.start();
    port1.start();
    const state = { crash: (_: string) => {}, terminated: false };
    started.push(state);
    return {
      port: port1 as unknown as Port,
      onCrash: (listener) => {
        state.crash = listener;
      },
      terminate: () => {
        state.terminated = true;
        port1.close();
      },
    };
  };
  return { client: new Client(start, patience), started };
}

const never = () => new Promise<never>(() => {});
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: AppError) => error.code,
  );

test('a call gets its result, and one worker serves many', async () => {
  const { client, started } = workers({});
  expect(await client.call('probe', undefined)).toEqual(REPORT);
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
  expect(await client.call('probe', undefined)).toEqual(REPORT);
  expect(started).toHaveLength(1);
});

test('an abort that is not answered replaces the worker', async () => {
  const { client, started } = workers({ generate: never }, IMPATIENCE);
  const controller = new AbortController();
  const running = client.call('generate', REQUEST, { signal: controller.signal });
  controller.abort();
  expect(await codeOf(running)).toBe('aborted');
  expect(started[0]?.terminated).toBe(true);
  expect(await client.call('probe', undefined)).toEqual(REPORT);
  expect(started).toHaveLength(2);
});

test('a crash rejects all that is pending; the next call starts a new worker', async () => {
  const { client, started } = workers({ generate: never });
  const pending = [codeOf(client.call('generate', REQUEST)), codeOf(client.call('generate', REQUEST))];
  started[0]?.crash('out of its mind');
  expect(await Promise.all(pending)).toEqual(['worker-crashed', 'worker-crashed']);
  expect(await client.call('probe', undefined)).toEqual(REPORT);
  expect(started).toHaveLength(2);
});

test('silence ends in worker-hung', async () => {
  const { client } = workers({ generate: never }, IMPATIENCE);
  expect(await codeOf(client.call('generate', REQUEST))).toBe('worker-hung');
});

test('an idle worker is left alone', async () => {
  const { client, started } = workers({}, IMPATIENCE);
  await client.call('probe', undefined);
  await new Promise((resolve) => setTimeout(resolve, IMPATIENCE.silenceMs + 50));
  expect(started[0]?.terminated).toBe(false);
});

test('progress is a sign of life, for another call too', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let proceed = () => {};
  const told = () =>
    new Promise<void>((resolve) => {
      proceed = resolve;
    });
  const { client } = workers({
    probe: async () => {
      await probed;
      return REPORT;
    },
    generate: async (_, { progress }) => {
      for (let i = 0; i < 5; i++) {
        await told();
        progress({ stage: 'encode' });
      }
      await told();
      return RESULT;
    },
  });
  let endProbe = () => {};
  const probed = new Promise<void>((resolve) => {
    endProbe = resolve;
  });
  let heard = 0;
  const calls = [
    client.call('probe', undefined),
    client.call('generate', REQUEST, { onProgress: () => heard++ }),
  ];
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
  endProbe();
  expect(await Promise.all(calls.map(codeOf))).toEqual(['done', 'done']);
  vi.useRealTimers();
});

test.each([
  'out-of-memory',
  'device-lost',
] as const)('after %s the next call has a new worker', async (code) => {
  const { client, started } = workers({ generate: () => Promise.reject(new AppError(code, 'over')) });
  expect(await codeOf(client.call('generate', REQUEST))).toBe(code);
  expect(started[0]?.terminated).toBe(true);
  expect(await client.call('probe', undefined)).toEqual(REPORT);
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
  expect(await client.call('probe', undefined)).toEqual(REPORT);
});

test('a call with a signal already aborted never reaches the worker', async () => {
  const { client, started } = workers({});
  expect(await codeOf(client.call('generate', REQUEST, { signal: AbortSignal.abort() }))).toBe('aborted');
  expect(started).toHaveLength(0);
});
