import { activationBytes } from '../../src/gpu/memory.ts';
import { weightsBytes } from '../../src/gpu/upload.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { KeptTensors } from '../../src/graph/kept-tensors.ts';
import { tilesOf } from '../../src/hub/tile-store.ts';
import { feedsOf } from '../../src/measure/components.ts';
import { createRequestAdapter } from '../../src/runtime/device.ts';
import { Runtime } from '../../src/runtime/runtime.ts';
import type { Session } from '../../src/runtime/session.ts';
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
  { title, setting, encoders, unet, shallow, vae, decodings, isVaeFull }: Painting,
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
  const open = async (one: Case, by: Kernels, beside?: Session) => {
    const begin = performance.now();
    const graph = await graphOf(one, targetOf(by, runtime), options);
    const session = await (beside?.openBeside?.(graph) ?? runtime.open(graph));
    loadMs += performance.now() - begin;
    return { graph, session, feeds: feedsOf(graph) };
  };
  /** Bytes that our kernels plan for these graphs over the same weights. */
  const plan = async (graphs: readonly Graph[]) => {
    const begin = performance.now();
    const programs = await Promise.all(graphs.map(programOf));
    const weights = Math.max(...programs.map((program) => weightsBytes(program.weights)));
    planned.push(programs.reduce((sum, program) => sum + activationBytes(program), weights));
    planMs += performance.now() - begin;
  };
  const run = async (one: Case, times: number, by = kernels) => {
    const { graph, session, feeds } = await open(one, by);
    for (let i = 0; i < times; i++) await session.run(feeds);
    await session.release();
    if (by.engine === 'ours') await plan([graph]);
  };
  const runSteps = async () => {
    const whole = await open(unet, kernels);
    const part = shallow && (await open(shallow, kernels, whole.session));
    const kept = { tensors: new KeptTensors(), prefix: '' };
    const begin = performance.now();
    for (let i = 0; i < setting.steps; i++) {
      const { session, feeds } = part && i % setting.cacheInterval > 0 ? part : whole;
      await session.run(feeds, kept);
    }
    const ms = performance.now() - begin;
    kept.tensors.release();
    await part?.session.release();
    await whole.session.release();
    if (kernels.engine === 'ours') await plan(part ? [whole.graph, part.graph] : [whole.graph]);
    return ms;
  };
  try {
    for (const encoder of encoders) await run(encoder, 1);
    const stepsMs = await runSteps();
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
