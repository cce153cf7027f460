import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tinyModel } from '../loaders/golden/tiny-model.ts';
import { loadModel } from '../loaders/load-model.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { Runtime } from '../runtime/runtime.ts';
import { type Axes, cellRequest, countCells } from './axes.ts';
import { runOrder } from './run-order.ts';

const BASE = requestWith({
  device: 'wasm',
  prompt: 'item 0 on a table',
  negativePrompt: 'blurry',
  width: 64,
  numInferenceSteps: 1,
  guidanceScale: 5,
  seed: 3,
});

/** Runs an experiment on the tiny model, in its order, and counts the sessions and the texts. */
async function runExperiment(axes: Axes): Promise<{ opened: string[]; encoded: number }> {
  const runtime = await Runtime.open('wasm');
  const opened: string[] = [];
  let encoded = 0;
  const open: Runtime['open'] = async (graph) => {
    const session = await runtime.open(graph);
    opened.push(graph.name);
    const isEncoder = graph.inputs.some(({ name }) => name === 'input_ids');
    return {
      run: (feeds: Parameters<typeof session.run>[0]) => {
        if (isEncoder) encoded++;
        return session.run(feeds);
      },
      release: () => session.release(),
    } as typeof session;
  };
  const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
  const model = await loadModel(
    repositorySource(tinyModel(read)),
    { target: runtime.target, largestTensor: runtime.largestTensor, open } as Runtime,
    () => {},
  );
  const requests = Array.from({ length: countCells(axes) }, (_, cell) => cellRequest(BASE, axes, cell));
  for (const cell of runOrder(requests)) {
    const request = {
      ...(requests[cell] as GenerationRequest),
      image: null,
      hires: null,
      controls: [],
      picturePrompts: [],
    };
    await stableDiffusion(model, request, async () => {}, new AbortController().signal);
  }
  await model.release();
  return { opened, encoded };
}

test('an experiment encodes each text once and opens each component once, the UNet a second time without guidance', async () => {
  const { opened, encoded } = await runExperiment([
    { kind: 'guidanceScale', values: [1, 5, 0.5, 9] },
    { kind: 'prompt', values: ['item 0', 'item 1', 'item 2'] },
  ]);
  // Three prompts and the negative prompt.
  expect(encoded).toBe(4);
  expect(opened).toHaveLength(4);
});

test('the negative prompt is encoded once, however many prompts there are', async () => {
  const values = Array.from({ length: 36 }, (_, i) => `item ${i}`);
  const { encoded } = await runExperiment([{ kind: 'prompt', values }]);
  expect(encoded).toBe(37);
});
