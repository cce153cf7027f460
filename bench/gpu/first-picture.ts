import { tilesOf } from '../../src/hub/tile-store.ts';
import { feedsOf } from '../../src/measure/components.ts';
import { createRequestAdapter } from '../../src/runtime/device.ts';
import { Runtime } from '../../src/runtime/runtime.ts';
import type { Case, Painting } from './cases.ts';
import { graphOf, targetOf, weightsFile } from './open-graph.ts';
import type { Kernels, Options, PictureRow } from './rows.ts';

/** With guidance; few where only the bench itself is tried out. */
const STEPS = { full: 20, small: 2 };

/** The way to a first picture from files on this device: the GPU is opened, texts are encoded, 20 steps, the picture. */
export async function firstPicture(
  { title, encoders, unet, vae }: Painting,
  kernels: Kernels,
  options: Options,
): Promise<PictureRow> {
  for (const one of [...encoders, unet, vae]) await weightsFile(one, options);
  const steps = options.small ? STEPS.small : STEPS.full;
  const start = performance.now();
  const runtime = await Runtime.open('webgpu', createRequestAdapter(), tilesOf);
  const deviceMs = performance.now() - start;
  let loadMs = 0;
  const run = async (one: Case, times: number) => {
    const begin = performance.now();
    const graph = await graphOf(one, targetOf(kernels, runtime), options);
    const session = await runtime.open(graph);
    const opened = performance.now();
    loadMs += opened - begin;
    const feeds = feedsOf(graph);
    for (let i = 0; i < times; i++) await session.run(feeds);
    const runMs = performance.now() - opened;
    await session.release();
    return runMs;
  };
  try {
    for (const encoder of encoders) await run(encoder, 1);
    const stepsMs = await run(unet, steps);
    await run(vae, 1);
    return {
      ...{ kind: 'picture', title, ...kernels, steps, seconds: (performance.now() - start) / 1000 },
      ...{ deviceSeconds: deviceMs / 1000, loadSeconds: loadMs / 1000, stepsSeconds: stepsMs / 1000 },
    };
  } finally {
    runtime.dispose();
  }
}
