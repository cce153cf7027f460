import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Graph } from '../../graph/graph.ts';
import { loraPlaces } from '../../loaders/lora-places.ts';
import { elementCount } from '../../numerics/tensor.ts';
import { AppError } from '../../protocol/errors.ts';
import { readLora } from './read-lora.ts';
import { type Shape, safetensors, tensors } from './samples/lora-files.ts';

const PLACES = loraPlaces({
  unet: tensors({
    'conv_in.weight': [8, 4, 3, 3],
    'conv_in.bias': [8],
    'mid.weight': [8, 6],
    'conv_out.weight': [4, 8, 3, 3],
  }),
});

/** Modules that fit `conv_in` [8, 4, 3, 3]: the parts of each method, by how their keys end. */
const METHODS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  LoRA: { '.lora_down.weight': [2, 4, 3, 3], '.lora_up.weight': [8, 2, 1, 1] },
  Tucker: {
    '.lora_down.weight': [2, 4, 1, 1],
    '.lora_up.weight': [8, 3, 1, 1],
    '.lora_mid.weight': [3, 2, 3, 3],
  },
  DoRA: { '.lora_down.weight': [2, 4, 3, 3], '.lora_up.weight': [8, 2], '.dora_scale': [1, 4, 1, 1] },
  LoHa: { '.hada_w1_a': [8, 2], '.hada_w1_b': [2, 36], '.hada_w2_a': [8, 3], '.hada_w2_b': [3, 36] },
  'LoHa, Tucker': {
    ...{ '.hada_w1_a': [2, 8], '.hada_w1_b': [2, 4], '.hada_t1': [2, 2, 3, 3] },
    ...{ '.hada_w2_a': [2, 8], '.hada_w2_b': [2, 4], '.hada_t2': [2, 2, 3, 3] },
  },
  LoKr: { '.lokr_w1': [2, 2], '.lokr_w2': [4, 2, 3, 3] },
  'LoKr in products': {
    '.lokr_w1_a': [2, 1],
    '.lokr_w1_b': [1, 2],
    '.lokr_w2_a': [4, 1],
    '.lokr_w2_b': [1, 18],
  },
  'LoKr, Tucker': {
    '.lokr_w1': [2, 2],
    '.lokr_w2_a': [2, 4],
    '.lokr_w2_b': [2, 2],
    '.lokr_t2': [2, 2, 3, 3],
  },
  GLoRA: {
    ...{ '.a1.weight': [4, 2, 1, 1], '.a2.weight': [2, 4, 1, 1] },
    ...{ '.b1.weight': [8, 2, 1, 1], '.b2.weight': [2, 4, 3, 3] },
  },
  OFT: { '.oft_blocks': [4, 2, 2] },
  BOFT: { '.oft_blocks': [2, 4, 2, 2] },
  IA3: { '.weight': [8], '.on_input': [] },
  'IA3 by PEFT': { '.ia3_l': [1, 8, 1, 1] },
  full: { '.diff': [8, 4, 3, 3] },
  whole: { '.set_weight': [8, 4, 3, 3] },
};

/** Reads a file, and builds the graph of every change: what is accepted can be computed. */
async function read(shapes: Readonly<Record<string, Shape>>): Promise<void> {
  const { changes } = await readLora({ name: 'mystyle', file: safetensors(shapes) }, PLACES);
  for (const own of changes.values())
    for (const { change, shape } of own.values()) {
      const g = new Graph('test', { provider: 'wasm', dtype: 'float32' });
      const weight = g.input('weight', 'float32', [shape[0] ?? 1, elementCount(shape.slice(1))]);
      let inputs = 0;
      const changed = change.apply(g, weight, 0.5, ({ shape }) => g.input(`${inputs++}`, 'float32', shape));
      expect(changed.shape).toEqual(weight.shape);
    }
}

const refusal = (shapes: Readonly<Record<string, Shape>>) =>
  read(shapes).then(
    () => undefined,
    (error: unknown) => error,
  );

const moduleOf = (name: string, parts: Readonly<Record<string, Shape>>) =>
  Object.fromEntries(Object.entries(parts).map(([ending, shape]) => [name + ending, shape]));

/** Refused, with a key of the file. */
function expectRefused(error: unknown, shapes: object): void {
  expect(error).toBeInstanceOf(AppError);
  const { code, details } = error as AppError;
  expect(code).toBe('unsupported-lora');
  expect(Object.keys(shapes)).toContain(details.key);
}

const MODULE = 'lora_unet_conv_in';

test.each(Object.entries(METHODS))('%s that fits is read', async (_, parts) => {
  expect(await refusal(moduleOf(MODULE, parts))).toBeUndefined();
});

test.each(
  Object.entries(METHODS),
)('%s without one of its parts is refused, by the name of a key', async (method, parts) => {
  const needed = Object.keys(parts).filter((ending) => !['.dora_scale', '.on_input'].includes(ending));
  for (const missing of needed) {
    const { [missing]: _, ...rest } = parts;
    if (Object.keys(rest).length === 0) continue;
    // What is left of a Tucker form fits no convolution.
    const shapes = moduleOf(MODULE, rest);
    expectRefused(await refusal(shapes), shapes);
  }
  expect(method).toBeTruthy();
});

const ofMethod = fc.constantFrom(...Object.keys(METHODS));
const someShape = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5 });

test('of every method, a part of another shape is refused by the name of a key, or fits all the same', async () => {
  await fc.assert(
    fc.asyncProperty(ofMethod, fc.nat(), someShape, async (method, which, shape) => {
      const parts = METHODS[method] ?? {};
      const endings = Object.keys(parts);
      const shapes = moduleOf(MODULE, { ...parts, [endings[which % endings.length] as string]: shape });
      const error = await refusal(shapes);
      if (error !== undefined) expectRefused(error, shapes);
    }),
    { numRuns: 1000 },
  );
});

test('any parts in any shapes are read, or refused by the name of a key', async () => {
  const endings = [
    ...new Set(Object.values(METHODS).flatMap(Object.keys)),
    '.alpha',
    '.rescale',
    '.diff_b',
    '.w_norm',
    '.bm.weight',
  ];
  const start = fc.constantFrom(MODULE, 'unet.mid', 'lora_te_', '', '__proto__', 'constructor');
  const key = fc.tuple(start, fc.constantFrom(...endings)).map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, someShape, { minKeys: 1, maxKeys: 6 }), async (shapes) => {
      const error = await refusal(shapes);
      if (error !== undefined) expectRefused(error, shapes);
    }),
    { numRuns: 2000 },
  );
});

test('any bytes are refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
      const reading = readLora({ name: 'mystyle', file: new Blob([Uint8Array.from(bytes)]) }, PLACES);
      await expect(reading).rejects.toMatchObject({ name: 'AppError' });
    }),
  );
});
