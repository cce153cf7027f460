import { closeSync, openAsBlob, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Ort from 'onnxruntime-web';
import { Weights } from '../src/checkpoint/weights.ts';
import type { Graph } from '../src/graph/graph.ts';
import { UNet2DConditionConfig } from '../src/models/config.ts';
import {
  GOLDEN_NAMES,
  type GoldenTensors,
  goldenCase,
  readGoldenTensors,
  relativeError,
} from '../src/models/golden/cases.ts';
import { unet2DConditionModel } from '../src/models/unet.ts';
import { encodeModel } from '../src/onnx/encode.ts';
import { parseConfig } from '../src/protocol/parse-config.ts';

const ROOT = join(import.meta.dirname, '..');
/** onnxruntime-node: the API of onnxruntime-web. */
const ort = createRequire(join(ROOT, 'package.json'))('onnxruntime-node') as typeof Ort;

export async function main([command, argument]: readonly string[]): Promise<void> {
  if (command === 'full-size' && argument) return fullSize(argument);
  if (command === 'components') return components('cpu', 'float32');
  if (command === 'gpu') return components('webgpu', argument === 'float16' ? 'float16' : 'float32');
  throw new Error('full-size DIR, components, or gpu [float16]');
}

/** Writes the graph into a file beside the weights, so that onnxruntime maps them instead of copying them. */
async function fullSize(folder: string): Promise<void> {
  const path = (name: string) => join(folder, name);
  const tensors = await readGoldenTensors(await openAsBlob(path('golden.safetensors')));
  const config = parseConfig(
    'unet',
    UNet2DConditionConfig,
    JSON.parse(readFileSync(path('config.json'), 'utf8')),
  );
  const weights = await Weights.open('weights.safetensors', largeFile(path('weights.safetensors')));
  const [, , height, width] = tensors.sample?.shape as [number, number, number, number];
  const target = { provider: 'wasm', dtype: 'float32' } as const;
  const began = performance.now();
  const graph = unet2DConditionModel(config, weights, target, {
    height,
    width,
    sequenceLength: 77,
    batch: 2,
  });
  const model = encodeModel(graph);
  const built = performance.now();
  writeFileSync(path('unet.onnx'), model.bytes);
  const session = await ort.InferenceSession.create(path('unet.onnx'), {
    executionProviders: ['cpu'],
    extra: { session: { disable_prepacking: '1' } },
  });
  const opened = performance.now();
  const { out_sample } = await session.run(feedsOf(graph, tensors));
  const error = relativeError(out_sample?.data as Float32Array, tensors.out_sample as GoldenTensors[string]);
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(2)} s`;
  console.log(
    `graph ${model.bytes.length} bytes in ${seconds(began, built)}; unused: ${weights.unused().length}`,
  );
  console.log(
    `session ${seconds(built, opened)}, run ${seconds(opened, performance.now())}; relative error ${error}`,
  );
}

/** A file as a Blob; openAsBlob of Node 20 takes sizes modulo 2³². Only the header is ever read. */
function largeFile(path: string): Blob {
  const slice = (from: number, to: number) => {
    const bytes = Buffer.alloc(to - from);
    const file = openSync(path, 'r');
    readSync(file, bytes, 0, bytes.length, from);
    closeSync(file);
    return new Blob([bytes]);
  };
  return { size: statSync(path).size, slice } as Blob;
}

/**
 * Prints the worst error of each output of every golden. onnxruntime-node 1.30 lacks the web build's WebGPU kernel of
 * GroupNorm, so the graphs are those for the CPU.
 */
async function components(provider: 'cpu' | 'webgpu', dtype: 'float32' | 'float16'): Promise<void> {
  const read = (path: string) => openAsBlob(join(ROOT, path));
  for (const name of GOLDEN_NAMES) {
    const { runs } = await goldenCase(name, read, { provider: 'wasm', dtype });
    for (const { title, graph, feeds, expected } of runs) {
      const model = encodeModel(graph);
      const externalData = await Promise.all(
        model.externalData.map(async ({ path, data }) => ({
          path,
          data: new Uint8Array(await data.arrayBuffer()),
        })),
      );
      const session = await ort.InferenceSession.create(model.bytes, {
        executionProviders: [provider],
        externalData,
      });
      const results = await session.run(feedsOf(graph, feeds));
      await session.release();
      const errors = graph.outputs.map(({ name: output }) => {
        const golden = expected[output] as GoldenTensors[string];
        return `${output} ${relativeError(results[output]?.data as Float32Array, golden).toExponential(1)}`;
      });
      console.log(`${name}, ${title}: ${errors.join(', ')}`);
    }
  }
}

function feedsOf(graph: Graph, tensors: GoldenTensors): Record<string, Ort.Tensor> {
  const feeds = graph.inputs.map(({ name, dtype, shape }) => {
    return [name, new ort.Tensor(dtype as 'float32', tensors[name]?.data as Float32Array, shape)] as const;
  });
  return Object.fromEntries(feeds);
}
