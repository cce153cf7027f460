import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { FoundModel } from '../loaders/find-model.ts';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import type { Model } from '../loaders/loader.ts';
import { repositorySource } from '../loaders/model-source.ts';
import type { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { AppError } from '../protocol/errors.ts';
import type { GenerationProgress, GenerationRequest } from '../protocol/generation.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { createEngine, type EngineWorld } from './engine.ts';
import type { LibraryCalls } from './library-calls.ts';
import type { MakeMap } from './make-map.ts';
import type { UpscaleFile } from './upscale-file.ts';

const REQUEST = requestWith({ width: 128, numInferenceSteps: 4 });
/** A world without models and devices, that records what is asked of it. */
function createWorld() {
  const runtimes: { target: { provider: string }; dispose: ReturnType<typeof vi.fn> }[] = [];
  const world = {
    probeDevice: async () => ({ auto: 'webgpu', gpu: 'NVIDIA L4', threads: 4 }) as const,
    openRuntime: vi.fn(async (provider: 'webgpu' | 'wasm') => {
      const usedDevice = { provider, threads: 4 };
      const runtime = { target: { provider }, usedDevice, dispose: vi.fn() };
      runtimes.push(runtime);
      return runtime as unknown as Runtime;
    }),
    findModel: vi.fn(async () => ({ fetchAll: () => {} }) as unknown as FoundModel),
    choiceKey: async ({ model }: { readonly model: string }) => model,
    loadModel: vi.fn(async () => {
      const nothing = async () => {};
      const setLoras = async () => ({ embeddings: [], notes: [] });
      return { release: nothing, setBits: nothing, setLoras } as unknown as Model;
    }),
    findLoras: async () => [],
    findControls: async () => [],
    findIpAdapters: async () => [],
    findBundledEmbeddings: vi.fn<EngineWorld['findBundledEmbeddings']>(async () => []),
    pipeline: vi.fn<typeof stableDiffusion>(async () => {}),
    upscaleFile: vi.fn<UpscaleFile>(),
    makeMap: vi.fn<MakeMap>(),
    measureGpu: vi.fn<EngineWorld['measureGpu']>(async () => {}),
    library: {} as LibraryCalls,
  } satisfies EngineWorld;
  return { world, runtimes };
}

function engine() {
  const { world, runtimes } = createWorld();
  const { probe, generate, upscale, measureGpu, countTokens } = createEngine(world);
  const controller = new AbortController();
  const seen: GenerationProgress[] = [];
  const waits = vi.fn<(isWaiting: boolean) => void>();
  const context = {
    signal: controller.signal,
    waits,
    progress: (value: GenerationProgress) => seen.push(value),
  };
  return {
    world,
    runtimes,
    seen,
    waits,
    /** What each run said that it computes on. */
    computedOn: () => seen.flatMap((event) => (event.stage === 'device' ? event.device.provider : [])),
    abort: () => controller.abort(),
    probe: (again = false) => probe({ again }, { ...context, progress: () => {} }),
    upscale: (params: Parameters<typeof upscale>[0]) => upscale(params, { ...context, progress: () => {} }),
    measure: () => measureGpu(undefined, { ...context, progress: () => {} }),
    count: (params: Parameters<typeof countTokens>[0]) =>
      countTokens(params, { ...context, progress: () => {} }),
    generate: (change: Partial<GenerationRequest> = {}) => generate({ ...REQUEST, ...change }, context),
  };
}

test('a model is loaded once, and again for another device', async () => {
  const { generate, world, runtimes, computedOn } = engine();
  expect(await generate()).toEqual({ seconds: expect.any(Number) });
  await generate({ device: 'webgpu', seed: 1 });
  expect(world.loadModel).toHaveBeenCalledOnce();

  await generate({ device: 'wasm' });
  expect(computedOn()).toEqual(['webgpu', 'webgpu', 'wasm']);
  expect(world.loadModel).toHaveBeenCalledTimes(2);
  expect(runtimes[0]?.dispose).toHaveBeenCalledOnce();
});

test('auto falls back to the CPU when the GPU fails its test, and from then on probe says why', async () => {
  const { generate, probe, world, computedOn } = engine();
  world.openRuntime.mockRejectedValueOnce(new AppError('wrong-numbers', 'This GPU computes wrongly.'));
  await generate();
  expect(computedOn()).toEqual(['wasm']);
  expect(await probe()).toMatchObject({ auto: 'wasm', gpu: 'NVIDIA L4', reason: 'wrong-numbers' });
  await generate();
  expect(world.openRuntime.mock.calls.map(([provider]) => provider)).toEqual(['webgpu', 'wasm']);
  expect(await probe(true)).not.toHaveProperty('reason');
  await generate();
  expect(computedOn()).toEqual(['wasm', 'wasm', 'webgpu']);
});

test('a GPU that was chosen by name is not replaced', async () => {
  const { generate, world } = engine();
  world.openRuntime.mockRejectedValueOnce(new AppError('wrong-numbers', 'wrong'));
  await expect(generate({ device: 'webgpu' })).rejects.toMatchObject({ code: 'wrong-numbers' });
});

test('when loading fails, the device is closed, and the next request finds and loads the model again', async () => {
  const { generate, world, runtimes } = engine();
  world.findModel.mockRejectedValueOnce(new AppError('download-failed', 'gone'));
  await expect(generate()).rejects.toMatchObject({ code: 'download-failed' });
  expect(runtimes[0]?.dispose).toHaveBeenCalledOnce();
  await generate();
  expect(world.findModel).toHaveBeenCalledTimes(2);
  expect(runtimes[1]?.dispose).not.toHaveBeenCalled();
});

test('a failed run unloads the model; an aborted one keeps it', async () => {
  const failing = engine();
  failing.world.pipeline.mockRejectedValueOnce(new AppError('wrong-numbers', 'NaN'));
  await expect(failing.generate()).rejects.toMatchObject({ code: 'wrong-numbers' });
  expect(failing.runtimes[0]?.dispose).toHaveBeenCalledOnce();

  const aborted = engine();
  aborted.world.pipeline.mockImplementationOnce(async (_, __, ___, signal) => {
    aborted.abort();
    signal.throwIfAborted();
  });
  await expect(aborted.generate()).rejects.toMatchObject({ name: 'AbortError' });
  expect(aborted.runtimes[0]?.dispose).not.toHaveBeenCalled();
});

test('a run that fails because of its request keeps the model', async () => {
  const { generate, world, runtimes } = engine();
  world.pipeline.mockRejectedValueOnce(new AppError('invalid-request', 'no step left'));
  await expect(generate()).rejects.toMatchObject({ code: 'invalid-request' });
  await generate();
  expect(world.loadModel).toHaveBeenCalledOnce();
  expect(runtimes[0]?.dispose).not.toHaveBeenCalled();
});

test('tags leave the prompt, the LoRAs among them are used, and what is not done is told', async () => {
  const { generate, world, seen } = engine();
  const findLoras = vi.spyOn(world, 'findLoras');
  await generate({ prompt: 'a cat<lora:x:0.5:dyn=4><hypernet:y:1>', negativePrompt: '<lora:z:1>' });
  expect(findLoras).toHaveBeenCalledWith([{ name: 'x', textEncoderWeight: 0.5, unetWeight: 0.5 }]);
  expect(world.pipeline.mock.calls[0]?.[1]).toMatchObject({ prompt: 'a cat', negativePrompt: '<lora:z:1>' });
  expect(seen).toContainEqual({
    stage: 'tags',
    notes: [
      { kind: 'in-part', tag: '<lora:x:0.5:dyn=4>', ignored: 'dyn=4' },
      { kind: 'no-lora', tag: '<hypernet:y:1>' },
    ],
  });
  await generate({ prompt: 'a cat <lora:x:1>' });
  expect(seen.filter(({ stage }) => stage === 'tags')).toHaveLength(1);
});

test('a word inside a LoRA counts as the tokens it stands for, while the prompt names that LoRA', async () => {
  const { count, world } = engine();
  const source = repositorySource(tinyModel((path) => openAsBlob(join(import.meta.dirname, '../..', path))));
  world.findModel.mockImplementation(async () => ({ fetchAll: () => {}, source }) as unknown as FoundModel);
  const file = await openAsBlob(join(import.meta.dirname, '../pipeline/golden/mystyle.safetensors'));
  world.findBundledEmbeddings.mockImplementation(async (tags) =>
    tags.map(() => ({ token: 'mystyle', file })),
  );
  const counted = async (prompt: string) =>
    (await count({ model: 'trinket', texts: [prompt, ''], embeddings: [] })).texts[0];
  expect(await counted('mystyle <lora:x:1>')).toEqual([2]);
  expect(world.findBundledEmbeddings.mock.calls[0]?.[0]).toMatchObject([{ name: 'x' }]);
  expect(await counted('mystyle')).not.toEqual([2]);
});

test('requests wait for each other', async () => {
  const { generate, world } = engine();
  const log: string[] = [];
  world.pipeline.mockImplementation(async (_, { seed }) => {
    log.push(`${seed} in`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`${seed} out`);
  });
  await Promise.all([generate({ seed: 1 }), generate({ seed: 2 })]);
  expect(log).toEqual(['1 in', '1 out', '2 in', '2 out']);
});

test('a call says that it waits for its turn, and one that is stopped meanwhile ends at once', async () => {
  const { generate, upscale, world, waits, abort } = engine();
  let end = () => {};
  world.pipeline.mockImplementationOnce(
    () =>
      new Promise((resolve) => {
        end = resolve;
      }),
  );
  const running = generate();
  await vi.waitFor(() => expect(world.pipeline).toHaveBeenCalledOnce());
  const waiting = upscale({ file: new Blob(), model: 'owner/times-two', device: 'wasm' });
  expect(waits.mock.calls.flat()).toEqual([true, false, true]);
  abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  end();
  await running;
  expect(world.upscaleFile).not.toHaveBeenCalled();
});

test('an invalid request is refused before anything is opened', async () => {
  const { generate, world } = engine();
  await expect(generate({ width: 100 })).rejects.toMatchObject({
    code: 'invalid-request',
    details: { field: 'width' },
  });
  expect(world.openRuntime).not.toHaveBeenCalled();
});

test('the time left is that of the evaluations to come, of all pictures, at the median time of one', async () => {
  vi.stubGlobal('ImageData', class {});
  vi.stubGlobal('createImageBitmap', async () => ({}));
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
  const preview = { width: 2, height: 1, rgba: new Uint8ClampedArray(8) };
  const { generate, seen, world } = engine();
  world.pipeline.mockImplementation(async (_, __, emit) => {
    for (const [i, ms] of [5000, 1000, 1000].entries()) {
      await vi.advanceTimersByTimeAsync(ms);
      const place = { image: 0, step: 1 + Math.floor(i / 2), steps: 2, evaluation: i + 1, evaluations: 4 };
      const estimate = () => ({ shape: [1], data: new Float32Array(1) });
      const emitted = emit({ stage: 'denoise', pass: 1, ...place, preview, estimate, isTiled: false });
      await vi.advanceTimersByTimeAsync(0);
      await emitted;
    }
  });
  await generate({ numImages: 2 });
  vi.useRealTimers();
  vi.unstubAllGlobals();
  const left = seen.flatMap((event) => (event.stage === 'denoise' ? Math.round(event.secondsLeft) : []));
  expect(left).toEqual([35, 6, 5]);
});

test('a picture is upscaled on the loaded model’s device; on another one, that is closed again afterwards', async () => {
  const { generate, upscale, world, runtimes } = engine();
  const upscaled = {
    width: 2,
    height: 2,
    png: new Blob(),
    device: { provider: 'wasm', threads: 4 },
  } as const;
  world.upscaleFile.mockResolvedValue(upscaled);
  const params = { file: new Blob(), model: 'owner/times-two', device: 'auto' } as const;
  expect(await upscale(params)).toBe(upscaled);
  expect(runtimes[0]?.dispose).toHaveBeenCalledOnce();

  await generate();
  await upscale(params);
  expect(world.upscaleFile.mock.lastCall?.[2]).toBe(runtimes[1]);
  expect(runtimes[1]?.dispose).not.toHaveBeenCalled();
  await upscale({ ...params, device: 'wasm' });
  expect(world.upscaleFile.mock.lastCall?.[2]).toBe(runtimes[2]);
  expect(runtimes.map(({ dispose }) => dispose.mock.calls.length)).toEqual([1, 0, 1]);
});

test('the GPU is measured in its turn, without the model that is loaded, on a device that is closed again', async () => {
  const { generate, measure, world, runtimes } = engine();
  await generate();
  let end = () => {};
  world.pipeline.mockReturnValueOnce(new Promise((resolve) => (end = resolve)));
  const running = generate();
  const measuring = measure();
  await vi.waitFor(() => expect(world.pipeline).toHaveBeenCalledTimes(2));
  expect(world.measureGpu).not.toHaveBeenCalled();
  end();
  await Promise.all([running, measuring]);
  expect(world.measureGpu.mock.lastCall?.[0]).toBe(runtimes[1]);
  expect(runtimes.map(({ dispose }) => dispose.mock.calls.length)).toEqual([1, 1]);

  world.measureGpu.mockRejectedValueOnce(new AppError('out-of-memory', 'The GPU is full.'));
  await expect(measure()).rejects.toMatchObject({ code: 'out-of-memory' });
  expect(runtimes[2]?.dispose).toHaveBeenCalledOnce();
  // The next picture loads its model again.
  await generate();
  expect(world.loadModel).toHaveBeenCalledTimes(2);
});
