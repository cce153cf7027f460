import { activationBytes } from '../../src/gpu/memory.ts';
import { weightsBytes } from '../../src/gpu/upload.ts';
import { tilesOf } from '../../src/hub/tile-store.ts';
import { feedsOf } from '../../src/measure/components.ts';
import { createRequestAdapter } from '../../src/runtime/device.ts';
import { Runtime } from '../../src/runtime/runtime.ts';
import { watchBuffers } from './buffers.ts';
import type { Case, Painting } from './cases.ts';
import { programOf } from './measure-case.ts';
import { graphOf, targetOf, weightsFile } from './open-graph.ts';
import type { Kernels, Options, PictureRow } from './rows.ts';

/**
 * The way to a first picture from files on this device, one component at a time: the GPU is opened, texts are encoded, the
 * steps of the setting, the picture, in tiles where the app decodes in tiles.
 */
export async function firstPicture(
  { title, setting, encoders, unet, vae, decodings, isVaeFull }: Painting,
  kernels: Kernels,
  options: Options,
): Promise<PictureRow> {
  for (const one of [...encoders, unet, vae]) await weightsFile(one, options);
  const ofVae: Kernels = isVaeFull ? { ...kernels, bits: 32 } : kernels;
  const planned: number[] = [];
  const mostBytes = watchBuffers();
  const start = performance.now();
  const runtime = await Runtime.open('webgpu', createRequestAdapter(), tilesOf);
  const deviceMs = performance.now() - start;
  let [loadMs, planMs] = [0, 0];
  const run = async (one: Case, times: number, by = kernels) => {
    const begin = performance.now();
    const graph = await graphOf(one, targetOf(by, runtime), options);
    const session = await runtime.open(graph);
    const opened = performance.now();
    loadMs += opened - begin;
    const feeds = feedsOf(graph);
    for (let i = 0; i < times; i++) await session.run(feeds);
    const runMs = performance.now() - opened;
    await session.release();
    const planning = performance.now();
    if (by.engine === 'ours') {
      const program = await programOf(graph);
      planned.push(weightsBytes(program.weights) + activationBytes(program));
    }
    planMs += performance.now() - planning;
    return runMs;
  };
  try {
    for (const encoder of encoders) await run(encoder, 1);
    const stepsMs = await run(unet, setting.steps);
    await run(vae, decodings, ofVae);
    const allMs = performance.now() - start - planMs;
    return {
      ...{ kind: 'picture', title, ...kernels, setting: setting.name, steps: setting.steps },
      ...{ seconds: allMs / 1000, deviceSeconds: deviceMs / 1000, loadSeconds: loadMs / 1000 },
      ...{ stepsSeconds: stepsMs / 1000, allocatedBytes: mostBytes() },
      ...(planned.length > 0 && { plannedBytes: Math.max(...planned) }),
    };
  } finally {
    runtime.dispose();
  }
}
