import { beforeEach, expect, test, vi } from 'vitest';
import { openServedRepo, type ServedRepo } from '../hub/repo.ts';
import { Components } from '../loaders/components.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { AppError } from '../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest } from '../protocol/generation.ts';
import { requestWith } from '../protocol/sample-request.ts';
import { probeDevice } from '../runtime/device.ts';
import { Runtime } from '../runtime/runtime.ts';
import { createEngine } from './engine.ts';
import { upscaleFile } from './upscale.ts';

vi.mock('../hub/repo.ts');
vi.mock('../loaders/components.ts');
vi.mock('../pipeline/stable-diffusion.ts');
vi.mock('../runtime/device.ts');
vi.mock('../runtime/runtime.ts');
vi.mock('./upscale.ts');

const REQUEST = requestWith({ width: 128, numInferenceSteps: 4 });
const runtimes: { target: { provider: string }; dispose: ReturnType<typeof vi.fn> }[] = [];

beforeEach(() => {
  vi.clearAllMocks();
  runtimes.length = 0;
  vi.mocked(probeDevice).mockResolvedValue({ auto: 'webgpu', gpu: 'NVIDIA L4', f16: true, threads: 4 });
  vi.mocked(Runtime.open).mockImplementation(async (provider) => {
    const runtime = { target: { provider }, dispose: vi.fn() };
    runtimes.push(runtime);
    return runtime as unknown as Runtime;
  });
  vi.mocked(Components.open).mockImplementation(
    async () =>
      ({
        release: vi.fn(async () => {}),
        setBits: vi.fn(async () => {}),
        setLoras: vi.fn(async () => {}),
      }) as unknown as Components,
  );
  vi.mocked(stableDiffusion).mockResolvedValue();
  vi.mocked(openServedRepo).mockImplementation(async () => ({ fetchAll: vi.fn() }) as unknown as ServedRepo);
});

function engine() {
  const { probe, generate } = createEngine(new URL('http://localhost/app/'));
  const controller = new AbortController();
  const seen: GenerationProgress[] = [];
  const context = { signal: controller.signal, progress: (value: GenerationProgress) => seen.push(value) };
  return {
    seen,
    abort: () => controller.abort(),
    probe: () => probe(undefined, { ...context, progress: () => {} }),
    generate: (change: Partial<GenerationRequest> = {}) => generate({ ...REQUEST, ...change }, context),
  };
}

test('a model is loaded once, from its folder beside the page, and again for another device', async () => {
  const { generate } = engine();
  expect(await generate()).toMatchObject({ device: 'webgpu', seconds: expect.any(Number) });
  await generate({ device: 'webgpu', seed: 1 });
  expect(Components.open).toHaveBeenCalledOnce();
  expect(vi.mocked(openServedRepo).mock.calls[0]?.[0]).toBe('http://localhost/app/models/trinket/');

  expect(await generate({ device: 'wasm' })).toMatchObject({ device: 'wasm' });
  expect(Components.open).toHaveBeenCalledTimes(2);
  expect(runtimes[0]?.dispose).toHaveBeenCalledOnce();
});

test('auto goes on with the CPU where the GPU fails its test, and probe says why from then on', async () => {
  const fault = new AppError('wrong-numbers', 'This GPU computes wrongly.');
  vi.mocked(Runtime.open).mockRejectedValueOnce(fault);
  const { generate, probe } = engine();
  expect(await generate()).toMatchObject({ device: 'wasm' });
  expect(await probe()).toMatchObject({ auto: 'wasm', gpu: 'NVIDIA L4', reason: 'wrong-numbers' });
  await generate();
  expect(vi.mocked(Runtime.open).mock.calls.map(([provider]) => provider)).toEqual(['webgpu', 'wasm']);
});

test('a GPU asked for by name is not replaced', async () => {
  vi.mocked(Runtime.open).mockRejectedValueOnce(new AppError('wrong-numbers', 'wrong'));
  await expect(engine().generate({ device: 'webgpu' })).rejects.toMatchObject({ code: 'wrong-numbers' });
});

test('what a failed load had opened is given back, and the next request loads anew', async () => {
  vi.mocked(openServedRepo).mockRejectedValueOnce(new AppError('download-failed', 'gone'));
  const { generate } = engine();
  await expect(generate()).rejects.toMatchObject({ code: 'download-failed' });
  expect(runtimes[0]?.dispose).toHaveBeenCalledOnce();
  await generate();
  expect(runtimes[1]?.dispose).not.toHaveBeenCalled();
});

test('a failed run unloads the model; a stopped one keeps it', async () => {
  const failing = engine();
  vi.mocked(stableDiffusion).mockRejectedValueOnce(new AppError('wrong-numbers', 'NaN'));
  await expect(failing.generate()).rejects.toMatchObject({ code: 'wrong-numbers' });
  expect(runtimes[0]?.dispose).toHaveBeenCalledOnce();

  const stopped = engine();
  vi.mocked(stableDiffusion).mockImplementationOnce(async (_, __, ___, signal) => {
    stopped.abort();
    signal.throwIfAborted();
  });
  await expect(stopped.generate()).rejects.toMatchObject({ name: 'AbortError' });
  expect(runtimes[1]?.dispose).not.toHaveBeenCalled();
});

test('requests wait for each other', async () => {
  const log: string[] = [];
  vi.mocked(stableDiffusion).mockImplementation(async (_, { seed }) => {
    log.push(`${seed} in`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`${seed} out`);
  });
  const { generate } = engine();
  await Promise.all([generate({ seed: 1 }), generate({ seed: 2 })]);
  expect(log).toEqual(['1 in', '1 out', '2 in', '2 out']);
});

test('a bad request is refused before anything is opened', async () => {
  await expect(engine().generate({ width: 100 })).rejects.toMatchObject({
    code: 'invalid-request',
    details: { field: 'width' },
  });
  expect(Runtime.open).not.toHaveBeenCalled();
});

test('seconds left are the steps to come, of all images, at the median pace', async () => {
  vi.stubGlobal('ImageData', class {});
  vi.stubGlobal('createImageBitmap', async () => ({}));
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  const preview = { width: 2, height: 1, rgba: new Uint8ClampedArray(8) };
  vi.mocked(stableDiffusion).mockImplementation(async (_, __, emit) => {
    for (const [i, ms] of [5000, 1000, 1000].entries()) {
      await vi.advanceTimersByTimeAsync(ms);
      const place = { image: 0, step: 1 + Math.floor(i / 2), steps: 2, evaluation: i + 1, evaluations: 4 };
      const emitted = emit({ stage: 'denoise', pass: 1, ...place, preview });
      await vi.advanceTimersByTimeAsync(0);
      await emitted;
    }
  });
  const { generate, seen } = engine();
  await generate({ numImages: 2 });
  vi.useRealTimers();
  vi.unstubAllGlobals();
  const left = seen.map((event) => (event.stage === 'denoise' ? Math.round(event.secondsLeft) : -1));
  expect(left).toEqual([35, 6, 5]);
});

test('a picture is made larger beside the model that is loaded; without one, on a device that is let go again', async () => {
  const larger = { width: 2, height: 2, png: new Blob() };
  vi.mocked(upscaleFile).mockResolvedValue(larger);
  const handlers = createEngine(new URL('http://localhost/app/'));
  const context = { signal: new AbortController().signal, progress: () => {} };
  const params = { file: new Blob(), model: 'owner/times-two', device: 'auto' } as const;
  expect(await handlers.upscale(params, context)).toBe(larger);
  expect(runtimes[0]?.dispose).toHaveBeenCalledOnce();

  await handlers.generate(REQUEST, context);
  await handlers.upscale(params, context);
  expect(vi.mocked(upscaleFile).mock.lastCall?.[2]).toBe(runtimes[1]);
  expect(runtimes[1]?.dispose).not.toHaveBeenCalled();
  await handlers.upscale({ ...params, device: 'wasm' }, context);
  expect(vi.mocked(upscaleFile).mock.lastCall?.[2]).toBe(runtimes[2]);
  expect(runtimes.map(({ dispose }) => dispose.mock.calls.length)).toEqual([1, 0, 1]);
});
