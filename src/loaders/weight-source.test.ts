import { expect, test } from 'vitest';
import { MODEL, module, safetensors } from '../checkpoint/lora/samples/lora-files.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { ModelSource } from './model-source.ts';
import { type LoraFile, WeightSource } from './weight-source.ts';

test('LoRAs are read again only when a file, its settings or a strength is another', async () => {
  const source = { graphs: () => undefined, tensors: async () => MODEL.unet } as unknown as ModelSource;
  const weights = new WeightSource(source, {} as Runtime, ['unet']);
  const style: LoraFile = {
    ...{ name: 'style', unetWeight: 1, textEncoderWeight: 1, hash: 'a' },
    file: safetensors(module('base_model.model.conv_in', ['.lora_A.weight', '.lora_B.weight'])),
  };
  const notes = () => weights.loras.flatMap(({ notes }) => notes.map(({ kind }) => kind));
  expect(await weights.setLoras([])).toBe(false);
  expect(await weights.setLoras([style])).toBe(true);
  expect(notes()).toEqual(['unknown-strength']);
  expect(await weights.setLoras([style])).toBe(false);
  expect(await weights.setLoras([{ ...style, unetWeight: 0.5 }])).toBe(true);
  expect(await weights.setLoras([{ ...style, unetWeight: 0.5, hash: 'b', config: { lora_alpha: 4 } }])).toBe(
    true,
  );
  expect(notes()).toEqual([]);
  expect(await weights.setLoras([])).toBe(true);
});
