import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { worstDifference } from '../image/golden/rgb.ts';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import type { Model } from '../loaders/loader.ts';
import { repositorySource } from '../loaders/model-source.ts';
import type { OnLoad } from '../loaders/session-cache.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { Control } from './controls.ts';
import { controlRequest, controlRuns } from './golden/controls.ts';
import { paint, picturesOf, runInTurn } from './golden/runs.ts';
import { stableDiffusion } from './stable-diffusion.ts';

const ROOT = join(import.meta.dirname, '../..');
const project = {
  has: (path: string) => existsSync(join(ROOT, path)),
  read: (path: string) => openAsBlob(join(ROOT, path)),
};
const runtime = await Runtime.open('wasm');
const SETS = {
  controls: await controlRuns('controls', project),
  union: await controlRuns('union', project),
  adapters: await controlRuns('adapters', project),
};
const runs = SETS.controls;

/** A model of golden/families, or the tiny one. */
async function open(family = '', onLoad: OnLoad = () => {}): Promise<Model> {
  const at = (path: string) => `src/pipeline/golden/families/${family}/${path}`;
  const saved = savedRepository(
    (path) => project.has(at(path)),
    (path) => project.read(at(path)),
  );
  const files = family === 'tiny-model' ? tinyModel(project.read) : saved;
  return loadModel(repositorySource(files), runtime, onLoad);
}

describe.each([
  'controls',
  'union',
  'adapters',
] as const)('with %s the picture is diffusers’, within 2 of 255 at every pixel', (set) => {
  test.each(
    SETS[set].map((run, i) => {
      const part = run.mask ? 'inpainting' : run.strength ? 'from a picture' : 'from noise';
      const nets = run.controls.map(({ net }) => net).join(' + ');
      const how = [
        run.guess && 'guess mode',
        run.guidance === 1 && 'one text',
        run.hires && 'hires',
        run.loras && 'LoRA',
      ];
      return [run.family, nets, part, how.filter(Boolean).join(', '), i] as const;
    }),
  )('%s, %s, %s %s', async (...[, , , , i]) => {
    const run = SETS[set][i] as (typeof runs)[number];
    const { request, expected } = await controlRequest(set, run, i, project);
    const model = await open(run.family);
    const loras = (run.loras ?? []).map(async ([name, weight]) => ({
      ...{ name, hash: name, textEncoderWeight: weight, unetWeight: weight },
      file: await project.read(`src/pipeline/golden/lora/${name}.safetensors`),
    }));
    await model.setLoras(await Promise.all(loras));
    const image = await paint(model, request);
    expect(worstDifference(image, expected)).toBeLessThanOrEqual(2);
    await model.release();
  });
});

test('of a ControlNet and a T2I-Adapter in one run, the one whose strength is 0 changes nothing', async () => {
  const model = await open('tiny-model');
  const first = (set: keyof typeof SETS) =>
    controlRequest(set, SETS[set][0] as (typeof runs)[number], 0, project);
  const [net, adapter] = [await first('controls'), await first('adapters')];
  const off = (controls: readonly Control[]) => controls.map((control) => ({ ...control, scale: 0 }));
  const [nets, adapters] = [net.request.controls, adapter.request.controls];
  const byNet = await paint(model, { ...net.request, controls: [...off(adapters), ...nets] });
  expect(worstDifference(byNet, net.expected)).toBeLessThanOrEqual(2);
  const byAdapter = await paint(model, { ...adapter.request, controls: [...adapters, ...off(nets)] });
  expect(worstDifference(byAdapter, adapter.expected)).toBeLessThanOrEqual(2);
  await model.release();
});

const runOf = (what: (run: (typeof runs)[number]) => unknown) => {
  const i = runs.findIndex(what);
  return [runs[i] as (typeof runs)[number], i] as const;
};

test('one text after the other and one component at a time, the pictures are the same, and nothing is loaded in each step', async () => {
  const opened: string[] = [];
  const model = await open('tiny-model', ({ kind, number }, fraction) => {
    if (fraction === null) opened.push(`${kind} ${number}`);
  });
  for (const [run, i] of [runOf(({ guess }) => guess), runOf(({ controls }) => controls.length === 2)]) {
    const { request, expected } = await controlRequest('controls', run, i, project);
    const [image] = picturesOf(await runInTurn(model, request));
    expect(image && worstDifference(image, expected)).toBeLessThanOrEqual(2);
  }
  await model.release();
  expect(opened.filter((component) => /denoiser|control/.test(component))).toEqual([
    ...['control 1', 'denoiser 1'],
    ...['control 1', 'control 2', 'denoiser 1'],
  ]);
});

test('a ControlNet of another kind of model is refused before anything is opened', async () => {
  const opened: unknown[] = [];
  const model = await open('sd2', (component) => opened.push(component));
  const { request } = await controlRequest('controls', ...runOf(({ family }) => family === 'sdxl'), project);
  opened.length = 0;
  const running = stableDiffusion(model, request, async () => {}, new AbortController().signal);
  await expect(running).rejects.toMatchObject({
    code: 'unsupported-control',
    details: { kind: 'control-of-other-model', control: 'xl' },
  });
  expect(opened).toEqual([]);
});

test.each([
  ['DeepCache', { cacheInterval: 2 }],
  ['T-GATE', { gateStep: 2 }],
])('%s with a control is refused: what it would take over is without it', async (_, reuse) => {
  const model = await open('sdxl');
  const { request } = await controlRequest('controls', ...runOf(({ family }) => family === 'sdxl'), project);
  const running = stableDiffusion(
    model,
    { ...request, ...reuse },
    async () => {},
    new AbortController().signal,
  );
  await expect(running).rejects.toMatchObject({ details: { kind: 'reuse-with-control' } });
});
