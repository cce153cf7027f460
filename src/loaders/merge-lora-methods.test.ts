import { existsSync, openAsBlob, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readLora } from '../checkpoint/lora/read-lora.ts';
import { readTensors, type StoredTensor, type Tensors } from '../checkpoint/weights.ts';
import { Runtime } from '../runtime/runtime.ts';
import { loraPlaces } from './lora-places.ts';
import { mergeLoras } from './merge-loras.ts';

// Files by golden/lora_methods.py, and what LyCORIS' and PEFT's own layers compute with.
const GOLDEN = join(import.meta.dirname, 'golden/lora-methods');
const runtime = await Runtime.open('wasm');
const open = async (name: string) => readTensors(name, await openAsBlob(join(GOLDEN, `${name}.safetensors`)));

async function valuesOf({ offset, length, blob }: StoredTensor): Promise<Float32Array> {
  return new Float32Array(await blob.slice(offset, offset + length).arrayBuffer());
}

/** What a file makes of the small model at a strength, and whether anything is said about it. */
async function merged(name: string, strength: number, model: Tensors) {
  const json = join(GOLDEN, `${name.replace(/\.f\d+$/, '')}.json`);
  const config = existsSync(json) ? JSON.parse(readFileSync(json, 'utf8')) : undefined;
  const file = await openAsBlob(join(GOLDEN, `${name}.safetensors`));
  const component = name.startsWith('peft-embedding') ? 'text_encoder' : 'unet';
  const lora = await readLora({ name, file, config }, loraPlaces({ [component]: model }));
  const tensors = await mergeLoras(runtime, component, model, [{ lora, scale: strength }]);
  return { tensors, notes: lora.notes };
}

const cases = readdirSync(GOLDEN)
  .filter((file) => /\.f\d+\.safetensors$/.test(file))
  .map((file) => file.replace('.safetensors', ''));

describe.each(cases)('%s', (name) => {
  test('the weights are those the method’s own layer computes with, to 1e-5', async () => {
    const model = await open('model');
    const expected = await open(`${name}.expected`);
    const { tensors, notes } = await merged(name, 1, model);
    expect(notes).toEqual([]);
    const changed = [...tensors].filter(([key, tensor]) => tensor !== model.get(key)).map(([key]) => key);
    expect(changed.sort()).toEqual([...expected.keys()].sort());
    for (const [key, tensor] of expected)
      expect(
        relativeError(await valuesOf(tensors.get(key) as StoredTensor), await valuesOf(tensor)),
      ).toBeLessThan(1e-5);
  });

  test('at another strength they lie between the model’s own and those, or beyond', async () => {
    const model = await open('model');
    const { tensors } = await merged(name, -0.7, model);
    for (const [key, tensor] of await open(`${name}.expected`)) {
      const own = await valuesOf(model.get(key) as StoredTensor);
      const full = await valuesOf(tensor);
      const expected = own.map((value, i) => value - 0.7 * ((full[i] as number) - value));
      expect(relativeError(await valuesOf(tensors.get(key) as StoredTensor), expected)).toBeLessThan(1e-5);
    }
  });
});

/** The largest difference, in parts of the largest number. */
function relativeError(values: Float32Array, expected: Float32Array): number {
  expect(values.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return (
    values.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] as number))), 0) / largest
  );
}
