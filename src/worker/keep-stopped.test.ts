import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { PipelineEvent } from '../pipeline/events.ts';
import { AppError } from '../protocol/errors.ts';
import type { KeptImage } from '../protocol/generation.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { createEngine, type EngineWorld } from './engine.ts';
import { stubCanvas } from './samples/stub-canvas.ts';

beforeEach(stubCanvas);
afterEach(() => vi.unstubAllGlobals());

const STEP = {
  ...{
    stage: 'denoise',
    pass: 1,
    image: 0,
    step: 1,
    steps: 4,
    evaluation: 1,
    evaluations: 4,
    isTiled: false,
  },
  preview: { width: 2, height: 1, rgba: new Uint8ClampedArray(8) },
  estimate: () => ({ shape: [1, 4, 1, 1], data: new Float32Array(4) }),
} as const satisfies PipelineEvent;

/** An engine whose runs do one step, and then what `end` does. */
function setup() {
  let end = () => {};
  let chosen = 'trinket';
  let loads = 0;
  const nothing = async () => {};
  const model = {
    ...{ release: nothing, setBits: nothing, setLoras: async () => ({ embeddings: [], notes: [] }) },
    vae: { pixelsPerLatent: 8, decode: async () => new Float32Array(3 * 64) },
  };
  const world = {
    probeDevice: async () => ({ auto: 'wasm', threads: 1 }),
    openRuntime: async () => ({ target: { provider: 'wasm' }, usedDevice: {}, dispose: () => {} }),
    findModel: async () => ({ fetchAll: () => {} }),
    choiceKey: async () => chosen,
    loadModel: async () => {
      loads++;
      return { ...model };
    },
    findLoras: async () => [],
    findControls: async () => [],
    findIpAdapters: async () => [],
    pipeline: async (_: unknown, __: unknown, emit: (event: PipelineEvent) => Promise<void>) => {
      await emit(STEP);
      end();
    },
  } as unknown as EngineWorld;
  const engine = createEngine(world);
  const run = (how = () => {}, controller = new AbortController()) => {
    end = how;
    const context = { signal: controller.signal, waits: () => {}, progress: () => {} };
    return engine.generate(requestWith({ device: 'wasm', width: 64, numInferenceSteps: 4 }), context);
  };
  const stop = () => {
    const controller = new AbortController();
    const how = () => {
      controller.abort();
      throw new AppError('aborted', 'Stopped.');
    };
    return run(how, controller).catch(({ code }: AppError) => code);
  };
  const keep = async () => {
    const kept: number[] = [];
    const progress = ({ image }: KeptImage) => void kept.push(image);
    await engine.keepStopped(undefined, { signal: new AbortController().signal, waits: () => {}, progress });
    return kept;
  };
  const failDecoding = () => {
    model.vae.decode = () => Promise.reject(new AppError('wrong-numbers', 'NaN.'));
  };
  const choose = (id: string) => {
    chosen = id;
  };
  return { run, stop, keep, failDecoding, choose, loads: () => loads };
}

test('what a run has begun is kept when it was stopped, and once', async () => {
  const { stop, keep } = setup();
  expect(await stop()).toBe('aborted');
  expect(await keep()).toEqual([0]);
  expect(await keep()).toEqual([]);
});

test('of a run that ended by itself nothing is kept', async () => {
  const { run, keep } = setup();
  await run();
  expect(await keep()).toEqual([]);
  const fail = () => {
    throw new AppError('wrong-numbers', 'NaN.');
  };
  await expect(run(fail)).rejects.toMatchObject({ code: 'wrong-numbers' });
  expect(await keep()).toEqual([]);
});

test('what was begun outlives the next run, and goes with its model', async () => {
  const { run, stop, keep, choose } = setup();
  await stop();
  await run();
  expect(await keep()).toEqual([0]);
  await stop();
  choose('other');
  await run();
  expect(await keep()).toEqual([]);
});

test('what cannot be decoded is an error, and the model is loaded anew for the next picture', async () => {
  const { run, stop, keep, failDecoding, loads } = setup();
  await stop();
  failDecoding();
  await expect(keep()).rejects.toMatchObject({ code: 'wrong-numbers' });
  expect(loads()).toBe(1);
  await run();
  expect(loads()).toBe(2);
});
