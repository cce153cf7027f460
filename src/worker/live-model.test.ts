import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import type { PipelineEvent } from '../pipeline/events.ts';
import type { PipelineRequest } from '../pipeline/pipeline-request.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { Runtime } from '../runtime/runtime.ts';
import { liveModel } from './live-model.ts';

const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
const runtime = await Runtime.open('wasm');

/** The tiny model, and which of its sessions are opened and closed. */
async function setup() {
  const log: string[] = [];
  const open: Runtime['open'] = async (graph) => {
    const session = await runtime.open(graph);
    log.push(`+${graph.name}`);
    const release = () => {
      log.push(`-${graph.name}`);
      return session.release();
    };
    return { run: session.run, release };
  };
  const { target, largestTensor } = runtime;
  const source = repositorySource(tinyModel(read));
  const model = await loadModel(source, { target, largestTensor, open } as Runtime, () => {});
  const rgba = new Uint8ClampedArray(64 * 64 * 4).fill(200);
  const paint = async (by: typeof model, change: Partial<PipelineRequest> = {}) => {
    const pictures: Uint8ClampedArray[] = [];
    const plans: number[] = [];
    const image = { pixels: { width: 64, height: 64, rgba }, strength: 0.5 };
    const request = {
      ...requestWith({ width: 64, height: 64, numInferenceSteps: 4 }),
      ...{ image, hires: null },
    };
    const emit = async (event: PipelineEvent) => {
      if (event.stage === 'image') pictures.push(event.picture.rgba);
      if (event.stage === 'plan') plans.push(event.plan.bytes);
    };
    const asked = { ...request, controls: [], ...change } as PipelineRequest;
    await stableDiffusion(by, asked, emit, new AbortController().signal);
    return { log: log.splice(0), picture: pictures[0], bytes: plans[0] ?? 0 };
  };
  return { model, paint };
}

test('the encoder stays open beside the decoder from picture to picture, and is closed for other runs', async () => {
  const { model, paint } = await setup();
  const live = liveModel(model);
  const first = await paint(live);
  expect(first.log).toEqual(['+text_encoder', '+vae_encoder', '+unet', '+vae_decoder']);
  const second = await paint(live);
  expect(second.log).toEqual([]);
  const other = await paint(model);
  expect(other.log).toEqual(['-vae_encoder', '-vae_decoder', '+vae_encoder', '-vae_encoder', '+vae_decoder']);
  expect(other.picture, 'the pixels are the same').toEqual(second.picture);
  expect(second.bytes, 'the plan counts both').toBeGreaterThan(other.bytes);
});

test('where one component is loaded at a time, the encoder is no exception', async () => {
  const { model, paint } = await setup();
  const { log } = await paint(liveModel(model), { memory: 'one-by-one' });
  expect(
    log.filter((one) => one.startsWith('+')).length - log.filter((one) => one.startsWith('-')).length,
  ).toBe(1);
});
