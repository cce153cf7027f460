import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Picture } from '../image/picture.ts';
import type { OnnxModel } from '../onnx/graph.ts';
import { tinyModel } from '../pipeline/golden/tiny-model.ts';
import type { PipelineRequest } from '../pipeline/request.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { AppError } from '../protocol/errors.ts';
import { REQUEST_DEFAULTS } from '../protocol/generation.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { Components } from './components.ts';
import { repositorySource } from './model-source.ts';

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
function componentsWith(open: (model: OnnxModel) => Promise<Session>): Promise<Components> {
  return Components.open(
    repositorySource(tinyModel(read)),
    { target: runtime.target, open } as Runtime,
    () => {},
  );
}

async function pictureOf(components: Components, request: Partial<PipelineRequest> = {}): Promise<Picture> {
  const pictures: Picture[] = [];
  const keep = async (event: { stage: string; picture?: Picture }) => {
    if (event.stage === 'image') pictures.push(event.picture as Picture);
  };
  await stableDiffusion(components, { ...REQUEST, ...request }, keep, new AbortController().signal);
  return pictures[0] as Picture;
}

const isUNet = ({ inputs }: OnnxModel) => inputs.some(({ name }) => name === 'timestep');
const isGuided = ({ inputs }: OnnxModel) =>
  isUNet({ inputs } as OnnxModel) &&
  inputs.some(({ name, shape }) => name === 'encoder_hidden_states' && shape[0] === 2);

test('a part is opened once per shape, closed before the next of its kind, and all are closed at the end', async () => {
  const log: string[] = [];
  const components = await componentsWith(async (model) => {
    const session = await runtime.open(model);
    log.push(`+${model.name}`);
    const release = () => {
      log.push(`-${model.name}`);
      return session.release();
    };
    return { run: session.run, release };
  });
  await pictureOf(components);
  expect(log.splice(0)).toEqual(['+text_encoder', '+unet', '+vae_decoder']);
  await pictureOf(components, { prompt: 'a blue book', seed: 9, guidanceScale: 3, scheduler: 'euler' });
  expect(log.splice(0)).toEqual([]);
  await pictureOf(components, { width: 40 });
  expect(log.splice(0)).toEqual(['-unet', '+unet', '-vae_decoder', '+vae_decoder']);
  await components.release();
  expect(log.toSorted()).toEqual(['-text_encoder', '-unet', '-vae_decoder']);
});

describe('memory', () => {
  test('both halves run one after the other when the graph of both does not fit: the same picture', async () => {
    const expected = await pictureOf(await componentsWith((model) => runtime.open(model)));
    const refused: string[] = [];
    const small = await componentsWith(async (model) => {
      if (!isGuided(model)) return runtime.open(model);
      refused.push(model.name);
      throw new AppError('out-of-memory', 'too large');
    });
    const picture = await pictureOf(small);
    expect(refused).toEqual(['unet']);
    const worst = picture.rgba.reduce(
      (max, value, i) => Math.max(max, Math.abs(value - (expected.rgba[i] as number))),
      0,
    );
    expect(worst).toBeLessThanOrEqual(1);
  });

  test('where the half does not fit either, that is said', async () => {
    const full = await componentsWith(async (model) => {
      if (!isUNet(model)) return runtime.open(model);
      throw new AppError('out-of-memory', 'too large');
    });
    await expect(pictureOf(full)).rejects.toMatchObject({ code: 'out-of-memory' });
  });

  test('another fault is not taken for want of memory', async () => {
    const lost = await componentsWith(async (model) => {
      if (!isGuided(model)) return runtime.open(model);
      throw new AppError('device-lost', 'gone');
    });
    await expect(pictureOf(lost)).rejects.toMatchObject({ code: 'device-lost' });
  });
});

test.each([
  Number.NaN,
  Number.POSITIVE_INFINITY,
])('a model output of %d is no picture, and told with its step', async (value) => {
  let evaluations = 0;
  const broken = await componentsWith(async (model) => {
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
