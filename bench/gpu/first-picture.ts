import { compile } from '../../src/gpu/compile.ts';
import { activationBytes } from '../../src/gpu/memory.ts';
import { chooseTile } from '../../src/gpu/tiles.ts';
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
  let loadMs = 0;
  const open = async (one: Case, by: Kernels, beside?: Session) => {
    const begin = performance.now();
    const graph = await graphOf(one, targetOf(by, runtime), options);
    const session = await (beside?.openBeside?.(graph) ?? runtime.open(graph));
    loadMs += performance.now() - begin;
    return { graph, session, feeds: feedsOf(graph) };
  };
  /** Bytes that our kernels plan for these graphs over the same weights. */
  const plan = (graphs: readonly Graph[]) => {
    const target = { hasF16: runtime.hasF16, workgroupMemory: 16_384, tileFor: chooseTile };
    const programs = graphs.map((graph) => compile(graph, target));
    const weights = Math.max(...programs.map((program) => weightsBytes(program.weights)));
    planned.push(programs.reduce((sum, program) => sum + activationBytes(program), weights));
  };
  const run = async (one: Case, times: number, by = kernels) => {
    const { graph, session, feeds } = await open(one, by);
    for (let i = 0; i < times; i++) await session.run(feeds);
    await session.release();
    return graph;
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
    return { ms, graphs: part ? [whole.graph, part.graph] : [whole.graph] };
  };
  try {
    const texts: Graph[] = [];
    for (const encoder of encoders) texts.push(await run(encoder, 1));
    const steps = await runSteps();
    const decoder = await run(vae, decodings, ofVae);
    const seconds = (performance.now() - start) / 1000;
    const allocatedBytes = mostBytes();
    if (kernels.engine === 'ours')
      for (const graphs of [...texts.map((graph) => [graph]), steps.graphs, [decoder]]) plan(graphs);
    return {
      ...{ kind: 'picture', title, ...kernels, setting: setting.name, steps: setting.steps },
      ...{ seconds, deviceSeconds: deviceMs / 1000, loadSeconds: loadMs / 1000 },
      ...{ stepsSeconds: steps.ms / 1000, allocatedBytes },
      ...(planned.length > 0 && { plannedBytes: Math.max(...planned) }),
    };
  } finally {
    runtime.dispose();
  }
}
