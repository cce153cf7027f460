import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { worstDifference } from '../image/golden/rgb.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import type { OnLoad } from '../loaders/session-cache.ts';
import { Runtime } from '../runtime/runtime.ts';
import {
  modelOf,
  type PicturePromptRun,
  picturePromptRequest,
  picturePromptRuns,
} from './golden/picture-prompts.ts';
import { paint, picturesOf, runInTurn } from './golden/runs.ts';
import { stableDiffusion } from './stable-diffusion.ts';

const ROOT = join(import.meta.dirname, '../..');
const project = {
  has: (path: string) => existsSync(join(ROOT, path)),
  read: (path: string) => openAsBlob(join(ROOT, path)),
};
const runtime = await Runtime.open('wasm');
const golden = await picturePromptRuns(project);

const open = (family: string | undefined, onLoad: OnLoad = () => {}) =>
  loadModel(repositorySource(modelOf(family, project)), runtime, onLoad);
const runOf = (what: (run: PicturePromptRun) => unknown) => {
  const i = golden.runs.findIndex(what);
  return [golden.runs[i] as PicturePromptRun, i] as const;
};

describe('with IP-Adapters the picture is diffusers’, within 2 of 255 at every pixel', () => {
  test.each(
    golden.runs.map((run, i) => {
      const prompts = run.prompts.map(
        ({ adapter, pictures, parts }) => `${adapter} of ${pictures.length} ${parts ?? ''}`,
      );
      const part = run.mask ? 'inpainting' : run.strength ? 'from a picture' : 'from noise';
      const how = [
        run.guidance === 1 && 'one text',
        run.hires && 'hires',
        run.loras && 'LoRA',
        run.controls && 'ControlNet',
      ];
      return [run.family, prompts.join(' + '), part, how.filter(Boolean).join(', '), i] as const;
    }),
  )('%s, %s, %s %s', async (...[, , , , i]) => {
    const run = golden.runs[i] as PicturePromptRun;
    const { request, expected } = await picturePromptRequest(run, i, golden, project);
    const model = await open(run.family);
    const loras = (run.loras ?? []).map(async ([name, weight]) => ({
      ...{ name, hash: name, textEncoderWeight: weight, unetWeight: weight },
      file: await project.read(`src/pipeline/golden/lora/${name}.safetensors`),
    }));
    await model.setLoras(await Promise.all(loras));
    expect(worstDifference(await paint(model, request), expected)).toBeLessThanOrEqual(2);
    await model.release();
  });
});

test('one text after the other and one component at a time, the picture is the same', async () => {
  const [run, i] = runOf(({ prompts }) => prompts.length === 2);
  const { request, expected } = await picturePromptRequest(run, i, golden, project);
  const model = await open(run.family);
  const [image] = picturesOf(await runInTurn(model, request));
  expect(image && worstDifference(image, expected)).toBeLessThanOrEqual(2);
  await model.release();
});

test('a picture is encoded once, and another strength builds nothing anew', async () => {
  const opened: string[] = [];
  const [run, i] = runOf(({ prompts }) => prompts.length === 2);
  const model = await open(run.family, ({ kind }, fraction) => {
    if (fraction === null) opened.push(kind);
  });
  const { request, expected } = await picturePromptRequest(run, i, golden, project);
  const weights = async () =>
    (await model.memoryNeeds(request, [], request.picturePrompts)).weights as Record<string, number>;
  const alone = (await model.memoryNeeds(request, [], [])).weights;
  expect(await weights()).toMatchObject({ image_encoder: expect.any(Number) });
  expect((await weights()).unet).toBeGreaterThan(alone.unet as number);
  await paint(model, request);
  expect(await weights()).not.toHaveProperty('image_encoder');
  // Once for both adapters; then the projection of each.
  expect(opened.filter((kind) => kind === 'imageEncoder')).toHaveLength(3);
  opened.length = 0;
  const weaker = request.picturePrompts.map((prompt) => ({ ...prompt, scale: prompt.scale / 2 }));
  const other = await paint(model, { ...request, picturePrompts: weaker });
  expect(opened).toEqual([]);
  expect(worstDifference(other, expected)).toBeGreaterThan(10);
  expect(worstDifference(await paint(model, request), expected)).toBeLessThanOrEqual(2);
  await model.release();
});

test('a run can be stopped between two pictures', async () => {
  const [run, i] = runOf(({ prompts }) => prompts[0]?.pictures.length === 2);
  const { request } = await picturePromptRequest(run, i, golden, project);
  const opened: string[] = [];
  const model = await open(run.family, ({ kind }, fraction) => {
    if (fraction === null) opened.push(kind);
  });
  const controller = new AbortController();
  const emit = async ({ stage }: { readonly stage: string }) => {
    if (stage === 'encode' && opened.includes('imageEncoder')) controller.abort(new Error('stopped'));
  };
  await expect(stableDiffusion(model, request, emit, controller.signal)).rejects.toThrow('stopped');
  expect(opened).not.toContain('denoiser');
  await model.release();
});

test('an IP-Adapter of another kind of model is refused before anything is opened', async () => {
  const opened: unknown[] = [];
  const model = await open('tiny-model', (component) => opened.push(component));
  const { request } = await picturePromptRequest(...runOf(({ family }) => family === 'xl'), golden, project);
  opened.length = 0;
  const running = stableDiffusion(model, request, async () => {}, new AbortController().signal);
  await expect(running).rejects.toMatchObject({
    code: 'unsupported-ip-adapter',
    details: { kind: 'ip-adapter-of-other-model', adapter: 'plain-xl' },
  });
  expect(opened).toEqual([]);
});

test('T-GATE with a picture prompt is refused', async () => {
  const model = await open('tiny-model');
  const { request } = await picturePromptRequest(...runOf(() => true), golden, project);
  const running = stableDiffusion(
    model,
    { ...request, gateStep: 2 },
    async () => {},
    new AbortController().signal,
  );
  await expect(running).rejects.toMatchObject({ details: { kind: 'gate-with-pictures' } });
});
