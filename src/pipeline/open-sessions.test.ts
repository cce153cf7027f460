import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Graph } from '../graph/graph.ts';
import type { KeptTensors } from '../graph/kept-tensors.ts';
import type { Picture } from '../image/picture.ts';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import type { Model } from '../loaders/loader.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { AppError } from '../protocol/errors.ts';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { paint, picturesOf, runPipeline } from './golden/runs.ts';
import type { PipelineRequest } from './pipeline-request.ts';

const REQUEST: PipelineRequest = {
  prompt: 'a red apple',
  negativePrompt: 'blurry',
  width: 64,
  height: 40,
  numInferenceSteps: 3,
  guidanceScale: 5,
  seed: 3,
  numImages: 1,
  scheduler: 'ddim',
  filmstrip: false,
  ...REQUEST_DEFAULTS,
};

const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
const runtime = await Runtime.open('wasm');

/** The tiny model on a runtime that opens its graphs by `open`. */
function modelWith(open: (graph: Graph) => Promise<Session>): Promise<Model> {
  return loadModel(
    repositorySource(tinyModel(read)),
    { target: runtime.target, largestTensor: runtime.largestTensor, open } as Runtime,
    () => {},
  );
}

const pictureOf = (model: Model, request: Partial<PipelineRequest> = {}): Promise<Picture> =>
  paint(model, { ...REQUEST, ...request });

const isUNet = ({ inputs }: Graph) => inputs.some(({ name }) => name === 'timestep');
const isGuided = ({ inputs }: Graph) =>
  isUNet({ inputs } as Graph) &&
  inputs.some(({ name, shape }) => name === 'encoder_hidden_states' && shape[0] === 2);

test('a component is opened once per shape, closed before it is opened for another, and all are closed at the end', async () => {
  const log: string[] = [];
  const model = await modelWith(async (model) => {
    const session = await runtime.open(model);
    log.push(`+${model.name}`);
    const release = () => {
      log.push(`-${model.name}`);
      return session.release();
    };
    return { run: session.run, release };
  });
  await pictureOf(model);
  expect(log.splice(0)).toEqual(['+text_encoder', '+unet', '+vae_decoder']);
  await pictureOf(model, { prompt: 'a blue book', seed: 9, guidanceScale: 3, scheduler: 'euler' });
  expect(log.splice(0)).toEqual([]);
  await pictureOf(model, { width: 40 });
  expect(log.splice(0)).toEqual(['-unet', '+unet', '-vae_decoder', '+vae_decoder']);
  await model.release();
  expect(log.toSorted()).toEqual(['-text_encoder', '-unet', '-vae_decoder']);
});

test('where one component is loaded at a time, a filmstrip and a second picture take turns with the denoiser', async () => {
  const all = await modelWith((graph) => runtime.open(graph));
  const expected = await pictureOf(all, { seed: 4 });
  const open: string[] = [];
  let most = 0;
  const model = await modelWith(async (graph) => {
    const session = await runtime.open(graph);
    open.push(graph.name);
    most = Math.max(most, open.length);
    const release = () => {
      open.splice(open.indexOf(graph.name), 1);
      return session.release();
    };
    return { run: session.run, release };
  });
  const events = await runPipeline(model, {
    ...REQUEST,
    numImages: 2,
    filmstrip: true,
    memory: 'one-by-one',
  });
  expect(picturesOf(events)[1]).toEqual(expected);
  expect(most).toBe(1);
});

describe('when memory runs out', () => {
  test('both texts run one after the other, which is told, and the picture is the same', async () => {
    const expected = await pictureOf(await modelWith((model) => runtime.open(model)));
    const refused: string[] = [];
    const small = await modelWith(async (model) => {
      if (!isGuided(model)) return runtime.open(model);
      refused.push(model.name);
      throw new AppError('out-of-memory', 'too large');
    });
    const events = await runPipeline(small, REQUEST);
    const [picture] = picturesOf(events) as [Picture];
    expect(refused).toEqual(['unet']);
    const plans = events.flatMap((event) => (event.stage === 'plan' ? [event.plan.guidance] : []));
    expect(plans).toEqual(['together', 'in-turn']);
    const worst = picture.rgba.reduce(
      (max, value, i) => Math.max(max, Math.abs(value - (expected.rgba[i] as number))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1);
  });

  test.each([
    ['DeepCache', { cacheInterval: 2 }],
    ['T-GATE', { gateStep: 2 }],
  ] as const)('in the middle of a run with %s, what it kept is freed, and begun again with less it paints the same', async (_, reuse) => {
    const expected = await pictureOf(await modelWith((graph) => runtime.open(graph)), reuse);
    const kept = new Set<KeptTensors>();
    let evaluations = 0;
    const model = await modelWith(async (graph) => {
      const session = await runtime.open(graph);
      const run: Session['run'] = async (feeds, of) => {
        if (of) kept.add(of.tensors);
        if (isUNet(graph) && ++evaluations === 2) throw new AppError('out-of-memory', 'too large');
        return session.run(feeds, of);
      };
      return { run, release: () => session.release() };
    });
    await expect(pictureOf(model, reuse)).rejects.toMatchObject({ code: 'out-of-memory' });
    const names = ['deep_features', 'self_attention_0', 'cross_attention_0'];
    const held = () => [...kept].flatMap((tensors) => names.filter((name) => tensors.get(name)));
    expect(held()).toEqual([]);
    expect(await pictureOf(model, { ...reuse, memory: 'one-by-one' })).toEqual(expected);
    expect([kept.size, ...held()]).toEqual([2]);
  });

  test('and not even one text fits, the run fails', async () => {
    const full = await modelWith(async (model) => {
      if (!isUNet(model)) return runtime.open(model);
      throw new AppError('out-of-memory', 'too large');
    });
    await expect(pictureOf(full)).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  test('only then: other errors are passed on', async () => {
    const lost = await modelWith(async (model) => {
      if (!isGuided(model)) return runtime.open(model);
      throw new AppError('device-lost', 'gone');
    });
    await expect(pictureOf(lost)).rejects.toMatchObject({ code: 'device-lost' });
  });
});

test.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
])('a model output of %d stops the run, and the error names the step', async (value) => {
  let evaluations = 0;
  const broken = await modelWith(async (model) => {
    const session = await runtime.open(model);
    if (!isUNet(model)) return session;
    const run: Session['run'] = async (feeds) => {
      evaluations += 1;
      return evaluations < 2
        ? session.run(feeds)
        : { out_sample: new Float32Array(2 * 4 * 5 * 8).fill(value) };
    };
    return { run, release: () => session.release() };
  });
  await expect(pictureOf(broken)).rejects.toMatchObject({ code: 'wrong-numbers', details: { step: 2 } });
});
