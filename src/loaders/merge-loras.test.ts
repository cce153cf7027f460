import { openAsBlob, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LoraChange } from '../checkpoint/lora/change.ts';
import { type Lora, readLora } from '../checkpoint/lora/read-lora.ts';
import { readTensors, type StoredTensor, type Tensors } from '../checkpoint/weights.ts';
import type { Feeds, Graph } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { float16ToFloat32 } from '../numerics/half.ts';
import { AppError } from '../protocol/errors.ts';
import { Runtime } from '../runtime/runtime.ts';
import type { Session } from '../runtime/session.ts';
import { loraPlaces } from './lora-places.ts';
import { mergeLoras, type ScaledLora } from './merge-loras.ts';
import { weightStem } from './repository-layout.ts';

/** A run of golden/lora.py. */
interface LoraRun {
  readonly family: string;
  readonly loras: readonly (readonly [name: string, weight: number])[];
  /** By component and name, every weight that diffusers changed: its shape, sum, and sum of magnitudes. */
  readonly fused: Readonly<Record<string, Readonly<Record<string, Fused>>>>;
}
type Fused = readonly [shape: number[], sum: number, magnitude: number];

const GOLDEN = join(import.meta.dirname, '../pipeline/golden');
const { runs } = JSON.parse(readFileSync(join(GOLDEN, 'lora/runs.json'), 'utf8')) as { runs: LoraRun[] };
const runtime = await Runtime.open('wasm');

function open(family: string, component: string): Promise<Tensors> {
  const folder =
    family === 'tiny-model' ? join(GOLDEN, '../../../e2e/tiny-model') : join(GOLDEN, 'families', family);
  const path = `${component}/${weightStem(component)}.safetensors`;
  return openAsBlob(join(folder, path)).then((blob) => readTensors(path, blob));
}

async function valuesOf({ dtype, offset, length, blob }: StoredTensor): Promise<Float32Array> {
  const bytes = await blob.slice(offset, offset + length).arrayBuffer();
  return dtype === 'F16' ? float16ToFloat32(new Uint16Array(bytes)) : new Float32Array(bytes);
}

async function openModel({ family, fused }: LoraRun): Promise<Record<string, Tensors>> {
  const names = Object.keys(fused);
  const tensors = await Promise.all(names.map((name) => open(family, name)));
  return Object.fromEntries(names.map((name, i) => [name, tensors[i] as Tensors]));
}

/** A run's LoRA files, read for its model. */
function openLoras({ loras }: LoraRun, model: Readonly<Record<string, Tensors>>): Promise<ScaledLora[]> {
  return Promise.all(
    loras.map(async ([name, scale]) => {
      const file = await openAsBlob(join(GOLDEN, `lora/${name}.safetensors`));
      return { lora: await readLora({ name, file }, loraPlaces(model)), scale };
    }),
  );
}

const cases = runs.map((run, i) => [run.loras.map((lora) => lora.join(' ')).join(', '), run, i] as const);

test.each(
  cases,
)('%s: the weights that diffusers changes are changed to the same numbers', async (_, run, i) => {
  const model = await openModel(run);
  const loras = await openLoras(run, model);
  const golden = await readTensors('golden', await openAsBlob(join(GOLDEN, `lora/${i}.safetensors`)));
  for (const [component, tensors] of Object.entries(model)) {
    const merged = await mergeLoras(runtime, component, tensors, loras);
    expect([...merged.keys()]).toEqual([...tensors.keys()]);
    const changed = [...merged].filter(([name, tensor]) => tensor !== tensors.get(name));
    const fused = run.fused[component] ?? {};
    expect(changed.map(([name]) => name).sort()).toEqual(Object.keys(fused).sort());
    for (const [name, tensor] of changed) {
      const [shape, sum, magnitude] = fused[name] as Fused;
      expect([tensor.shape, tensor.dtype]).toEqual([shape, tensors.get(name)?.dtype]);
      const values = await valuesOf(tensor);
      const expected = await valuesOf(golden.get(`${component}/${name}`) as StoredTensor);
      const stride = Math.max(1, Math.floor(values.length / 64));
      const sampled = values.filter((_, j) => j % stride === 0);
      // Half a unit in the last place of a half, and what float32 leaves of a difference.
      const rounding = tensor.dtype === 'F16' ? 2 ** -11 : 0;
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const excess = sampled.map((value, j) => {
        const truth = expected[j] as number;
        return Math.abs(value - truth) - rounding * Math.abs(truth) - 1e-6 * largest;
      });
      expect(sampled.length, name).toBe(expected.length);
      expect(Math.max(...excess), name).toBeLessThanOrEqual(0);
      const total = values.reduce((a, b) => a + b, 0);
      expect(Math.abs(total - sum), name).toBeLessThanOrEqual((rounding + 1e-6) * magnitude);
    }
  }
});

/** A runtime that computes nothing: every weight becomes one number. `opened` collects the graphs it was given. */
function pretend(fails = false) {
  const opened: Graph[] = [];
  const feeds: Feeds[] = [];
  let released = 0;
  const open = async (model: Graph): Promise<Session> => {
    opened.push(model);
    const run = async (values: Feeds) => {
      if (fails) throw new AppError('out-of-memory', 'none left');
      feeds.push(values);
      return Object.fromEntries(model.outputs.map(({ name }, i) => [name, Float32Array.of(i)]));
    };
    return { run, release: async () => void released++ };
  };
  const runtime = { target: { provider: 'wasm', dtype: 'float32' }, open } as unknown as Runtime;
  return { runtime, opened, feeds, released: () => released };
}

const stored = (shape: readonly number[]): StoredTensor => {
  return { dtype: 'F32', shape, offset: 0, length: 0, path: 'model', blob: new Blob() };
};
/** Multiplies by the strength. */
const change: LoraChange = {
  apply: (g, weight, strength, input) =>
    nn.mul(g, weight, input({ shape: [1], read: async () => Float32Array.of(strength) })),
};
const lora = (name: string, component: string, weights: readonly string[], shape?: number[]): Lora => {
  const placed = weights.map((weight) => {
    return [weight, { change, shape: shape ?? model.get(weight)?.shape ?? [] }] as const;
  });
  return { name, changes: new Map([[component, new Map(placed)]]), embeddings: [], notes: [] };
};
const model: Tensors = new Map(
  ['a', 'b', 'c', 'd', 'e'].map((name, i) => [name, stored([4096, i < 3 ? 1024 : 4096])]),
);

test('a LoRA with a scale of 0, or of another component, changes nothing and opens no session', async () => {
  const { runtime, opened } = pretend();
  const loras = [
    { lora: lora('off', 'unet', ['a']), scale: 0 },
    { lora: lora('other', 'text_encoder', ['a']), scale: 1 },
  ];
  expect(await mergeLoras(runtime, 'unet', model, loras)).toEqual(model);
  expect(opened).toEqual([]);
});

test('weights are merged 64 MB at a time, into one new file', async () => {
  const { runtime, opened, feeds, released } = pretend();
  const loras = [
    { lora: lora('first', 'unet', ['a', 'b', 'c', 'd', 'e']), scale: 0.5 },
    { lora: lora('off', 'unet', ['a']), scale: 0 },
    { lora: lora('second', 'unet', ['e']), scale: -1 },
  ];
  const merged = await mergeLoras(runtime, 'unet', model, loras);
  const outputs = opened.map(({ outputs }) => outputs.map(({ name }) => name));
  expect(outputs).toEqual([['a', 'b', 'c'], ['d'], ['e']]);
  expect(feeds.map((fed) => Object.values(fed).map(([value]) => value))).toEqual([
    ...[[0.5, 0.5, 0.5], [0.5], [0.5, -1]],
  ]);
  expect(released()).toBe(3);
  const tensors = [...merged.values()];
  expect(tensors.map(({ offset, length }) => [offset, length])).toEqual(
    [0, 4, 8, 12, 16].map((at) => [at, 4]),
  );
  expect(new Set(tensors.map(({ blob }) => blob)).size).toBe(1);
  expect(await Promise.all(tensors.map(valuesOf))).toEqual([0, 1, 2, 0, 0].map((i) => Float32Array.of(i)));
  const again = await mergeLoras(runtime, 'unet', model, [
    { lora: lora('first', 'unet', ['a']), scale: 0.6 },
  ]);
  expect(again.get('a')?.path).not.toBe(merged.get('a')?.path);
});

test('a session is closed when its run fails', async () => {
  const { runtime, released } = pretend(true);
  const loras = [{ lora: lora('first', 'unet', ['a']), scale: 1 }];
  await expect(mergeLoras(runtime, 'unet', model, loras)).rejects.toMatchObject({ code: 'out-of-memory' });
  expect(released()).toBe(1);
});

test('of an inpainting model’s first convolution, a change may be for the latents alone', async () => {
  const values = Float32Array.from({ length: 2 * 9 * 4 }, (_, i) => i + 1);
  const blob = new Blob([values]);
  const tensor = { ...stored([2, 9, 2, 2]), length: blob.size, blob };
  const loras = [{ lora: lora('first', 'unet', ['conv_in'], [2, 4, 2, 2]), scale: 10 }];
  const merged = await mergeLoras(runtime, 'unet', new Map([['conv_in', tensor]]), loras);
  const expected = values.map((value, i) => (i % 36 < 16 ? 10 * value : value));
  expect(await valuesOf(merged.get('conv_in') as StoredTensor)).toEqual(expected);
});
