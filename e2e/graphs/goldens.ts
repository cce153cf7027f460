import { readLora } from '../../src/checkpoint/lora/read-lora.ts';
import { readTensors, type StoredTensor } from '../../src/checkpoint/weights.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { loraPlaces } from '../../src/loaders/lora-places.ts';
import { type ADDEND_KINDS, ADDENDS, type AddendName, addendCase } from '../../src/models/golden/addends.ts';
import {
  type GoldenName,
  type GoldenRun,
  type GoldenTensor,
  type GoldenTensors,
  goldenCase,
  relativeError,
} from '../../src/models/golden/cases.ts';
import { mergeLora } from '../../src/models/merge-lora.ts';
import type { QuantizedBits } from '../../src/protocol/generation.ts';
import { type Kernels, read, runtimeOf } from './device.ts';

/** How far a tensor is from what it should be, of the greatest number and as the vectors' lengths measure it. */
export interface TensorError {
  readonly greatest: number;
  readonly length: number;
}
export type Errors = Record<string, TensorError>;

export function errorOf(found: Float32Array, expected: GoldenTensor): TensorError {
  let [distance, length] = [0, 0];
  for (const [i, value] of expected.data.entries()) {
    distance += ((found[i] as number) - value) ** 2;
    length += value ** 2;
  }
  return { greatest: relativeError(found, expected), length: Math.sqrt(distance / length) };
}

async function run(
  kernels: Kernels,
  graph: Graph,
  feeds: GoldenTensors,
): Promise<Record<string, Float32Array>> {
  const runtime = await runtimeOf(kernels);
  const session = await runtime.open(graph);
  const fed = graph.inputs.map(({ name }) => [name, feeds[name]?.data as Float32Array] as const);
  const results = await session.run(Object.fromEntries(fed));
  await session.release();
  return results;
}

async function errorsOf(kernels: Kernels, runs: readonly GoldenRun[]): Promise<Errors> {
  const errors: Errors = {};
  for (const { title, graph, feeds, expected } of runs)
    for (const [name, found] of Object.entries(await run(kernels, graph, feeds)))
      errors[`${title}: ${name}`] = errorOf(found, expected[name] as GoldenTensor);
  return errors;
}

/** The errors of a golden's graphs. */
export async function checkGolden(name: GoldenName, kernels: Kernels, bits?: QuantizedBits): Promise<Errors> {
  const { target } = await runtimeOf(kernels);
  const { runs } = await goldenCase(name, read, target, bits);
  // A UNet for one text has no operator that the one for two lacks.
  return errorsOf(
    kernels,
    runs.filter(({ title }) => title !== 'the second text alone'),
  );
}

/** The error of a UNet for each kind of addends, and, with zeros for them, how far it is from the UNet without. */
export async function checkAddends(
  name: AddendName,
  kinds: typeof ADDEND_KINDS,
  kernels: Kernels,
): Promise<Errors> {
  const { build, tensors, zeros } = await addendCase(name, read, (await runtimeOf(kernels)).target);
  const errors: Errors = {};
  const check = async (title: string, graph: Graph, feeds: GoldenTensors, expected: GoldenTensor) => {
    const { out_sample } = await run(kernels, graph, feeds);
    errors[title] = errorOf(out_sample as Float32Array, expected);
  };
  for (const kind of kinds)
    await check(kind, build(2, ADDENDS[kind]), tensors, tensors[kind] as GoldenTensor);
  const plain = (await run(kernels, build(2), tensors)).out_sample as Float32Array;
  await check('zeros', build(2, ADDENDS.both), zeros, { shape: [plain.length], data: plain });
  return errors;
}

const readFloats = async ({ shape, blob, offset, length }: StoredTensor): Promise<GoldenTensor> => {
  return { shape, data: new Float32Array(await blob.slice(offset, offset + length).arrayBuffer()) };
};

/** The errors of what a LoRA file of golden/lora_methods.py makes of each tensor. */
export async function checkLora(name: string, kernels: Kernels): Promise<Errors> {
  const file = (path: string) => read(`src/loaders/golden/lora-methods/${path}.safetensors`);
  const model = await readTensors('model', await file('model'));
  const expected = await readTensors('expected', await file(`${name}.f32.expected`));
  const { changes } = await readLora({ name, file: await file(`${name}.f32`) }, loraPlaces({ unet: model }));
  const merges = [...(changes.get('unet') ?? [])].map(([name, placed]) => {
    return { name, tensor: model.get(name) as StoredTensor, changes: [{ ...placed, strength: 1 }] };
  });
  const { graph, factors } = mergeLora(merges, (await runtimeOf(kernels)).target);
  const feeds: Record<string, GoldenTensor> = {};
  for (const [name, { shape, read }] of factors) feeds[name] = { shape, data: await read() };
  const errors: Errors = {};
  for (const [name, found] of Object.entries(await run(kernels, graph, feeds)))
    errors[name] = errorOf(found, await readFloats(expected.get(name) as StoredTensor));
  return errors;
}
