import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Weights } from '../checkpoint/weights.ts';
import type { Graph } from '../graph/graph.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import { Runtime } from '../runtime/runtime.ts';
import { UNet2DConditionConfig } from './config.ts';
import { type GoldenTensor, type GoldenTensors, readGoldenTensors, relativeError } from './golden/cases.ts';
import { type UNetAddends, unet2DConditionModel } from './unet.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => openAsBlob(join(ROOT, path));
const TARGET = { provider: 'wasm', dtype: 'float32' } as const;

/** By what golden/unet_addends.py calls their outputs. */
const ADDENDS = {
  control: { controlNet: true },
  adapter: { adapter: 4 },
  both: { controlNet: true, adapter: 4 },
} as const satisfies Record<string, UNetAddends>;

const isAddend = (name: string) => name.includes('_additional_residual');

const runtime = await Runtime.open('wasm');

/** What the graph computes on the CPU from those of the tensors that it asks for. */
async function run(graph: Graph, tensors: GoldenTensors): Promise<Float32Array> {
  const session = await runtime.open(graph);
  const feeds = graph.inputs.map(({ name, shape }) => {
    expect(tensors[name]?.shape, name).toEqual(shape);
    return [name, (tensors[name] as GoldenTensor).data] as const;
  });
  const { out_sample } = await session.run(Object.fromEntries(feeds));
  await session.release();
  return out_sample as Float32Array;
}

describe.each([
  ['tiny-model', 'e2e/tiny-model/unet', 'diffusion_pytorch_model', 'tiny-model/unet'],
  ['unet-sdxl', 'src/models/golden/unet-sdxl', 'model', 'unet-sdxl/golden'],
])('%s', async (name, folder, file, evaluation) => {
  const json: unknown = JSON.parse(await (await read(`${folder}/config.json`)).text());
  const config = parseConfig('unet', UNet2DConditionConfig, json);
  const weights = await Weights.open('unet', await read(`${folder}/${file}.safetensors`));
  const inputs = await readGoldenTensors(await read(`src/models/golden/${evaluation}.safetensors`));
  const addends = await readGoldenTensors(await read(`src/models/golden/unet-addends/${name}.safetensors`));
  const [, , height, width] = (inputs.sample as GoldenTensor).shape as [number, number, number, number];
  const [, sequenceLength] = (inputs.encoder_hidden_states as GoldenTensor).shape as [number, number];
  const build = (batch: 1 | 2, addends?: UNetAddends): Graph => {
    const shape = { height, width, sequenceLength, batch, ...(addends && { addends }) };
    return unet2DConditionModel(config, weights, TARGET, shape);
  };

  test.each([
    'control',
    'adapter',
    'both',
  ] as const)('with %s it computes what diffusers does', async (kind) => {
    const found = await run(build(2, ADDENDS[kind]), { ...inputs, ...addends });
    // Measured: 2.3e-6 and less.
    expect(relativeError(found, addends[kind] as GoldenTensor)).toBeLessThan(1e-4);
  });

  test('zeros change nothing', async () => {
    const zeros = Object.entries(addends).map(([key, { shape, data }]) => {
      return [key, { shape, data: new Float32Array(data.length) }] as const;
    });
    const feeds: GoldenTensors = { ...inputs, ...Object.fromEntries(zeros) };
    expect(await run(build(2, ADDENDS.both), feeds)).toEqual(await run(build(2), inputs));
  });

  test('apart from the additions the graph is the same', () => {
    const plain = build(1);
    const graph = build(1, ADDENDS.both);
    const added = graph.nodes.filter(({ inputs }) => inputs.some((value) => value && isAddend(value.name)));
    const names = graph.inputs.map((value) => value.name).filter(isAddend);
    expect(added.map(({ op, inputs }) => [op, inputs[1]?.name])).toEqual(names.map((key) => ['Add', key]));
    const rest = graph.nodes.filter((node) => !added.includes(node));
    const described = (nodes: Graph['nodes']) =>
      nodes.map(({ op, attributes, outputs }) => [op, attributes, outputs.map(({ shape }) => shape)]);
    expect(described(rest)).toEqual(described(plain.nodes));
    expect([...graph.initializers.keys()]).toEqual([...plain.initializers.keys()]);
    const asked = Object.keys(addends).filter(isAddend);
    expect(names.toSorted()).toEqual(asked.toSorted());
  });
});
