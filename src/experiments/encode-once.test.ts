import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Components } from '../loaders/components.ts';
import { repositorySource } from '../loaders/model-source.ts';
import { tinyModel } from '../pipeline/golden/tiny-model.ts';
import { stableDiffusion } from '../pipeline/stable-diffusion.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { requestWith } from '../protocol/sample-request.ts';
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

/** Runs a sweep in its order on the tiny model; counts what its sessions did. */
async function sweep(axes: Axes): Promise<{ opened: string[]; encoded: number }> {
  const runtime = await Runtime.open('wasm');
  const opened: string[] = [];
  let encoded = 0;
  const open: Runtime['open'] = async (model) => {
    const session = await runtime.open(model);
    opened.push(model.name);
    const isEncoder = model.inputs.some(({ name }) => name === 'input_ids');
    return {
      run: (feeds: Parameters<typeof session.run>[0]) => {
        if (isEncoder) encoded++;
        return session.run(feeds);
      },
      release: () => session.release(),
    } as typeof session;
  };
  const read = (path: string) => openAsBlob(join(import.meta.dirname, '../..', path));
  const components = await Components.open(
    repositorySource(tinyModel(read)),
    { target: runtime.target, open } as Runtime,
    () => {},
  );
  const requests = Array.from({ length: countCells(axes) }, (_, cell) => cellRequest(BASE, axes, cell));
  for (const cell of runOrder(requests)) {
    const request = { ...(requests[cell] as GenerationRequest), image: null, hires: null };
    await stableDiffusion(components, request, async () => {}, new AbortController().signal);
  }
  await components.release();
  return { opened, encoded };
}

test('a sweep encodes each text once and opens each component once, and the UNet a second time for one text', async () => {
  const { opened, encoded } = await sweep([
    { kind: 'guidanceScale', values: [1, 5, 0.5, 9] },
    { kind: 'prompt', values: ['item 0', 'item 1', 'item 2'] },
  ]);
  // Three prompts and what is to be avoided.
  expect(encoded).toBe(4);
  expect(opened).toHaveLength(4);
});

test('the negative prompt is encoded once, however many prompts there are', async () => {
  const values = Array.from({ length: 36 }, (_, i) => `item ${i}`);
  const { encoded } = await sweep([{ kind: 'prompt', values }]);
  expect(encoded).toBe(37);
});
