import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import { defaultFields, FITS, type Fields, NUMBER_RULES, type NumberField } from './fields.ts';
import { INPAINT_AREAS, MASKED_CONTENTS } from './inpaint.ts';
import { readHash, writeHash } from './url.ts';

const whole = (field: NumberField) =>
  fc.integer({ min: NUMBER_RULES[field].min, max: NUMBER_RULES[field].max }).map(String);

const hundredths = fc.integer({ min: 0, max: 100 }).map((n) => String(n / 100));

const anyFields: fc.Arbitrary<Fields> = fc.record({
  // A lone surrogate has no UTF-8, so no URL can carry it.
  prompt: fc.string({ unit: 'grapheme' }),
  negative: fc.string({ unit: 'grapheme' }),
  seed: whole('seed'),
  steps: whole('steps'),
  guidance: fc.integer({ min: 0, max: 120 }).map((quarters) => String(quarters / 4)),
  width: whole('width'),
  height: whole('height'),
  images: whole('images'),
  sampler: fc.constantFrom(...(Object.keys(SCHEDULERS) as SchedulerId[])),
  model: fc.constantFrom(
    'trinket',
    'owner/a-model_1.5',
    'a/b/c d.safetensors',
    'disk:my model (2).safetensors',
  ),
  textEncoder: fc.constantFrom('', 'owner/words'),
  unet: fc.constantFrom('', 'disk:a.safetensors'),
  vae: fc.constantFrom('', 'owner/a-vae'),
  preview: fc.constantFrom('', 'owner/taesd'),
  device: fc.constantFrom('auto' as const, 'webgpu' as const, 'wasm' as const),
  filmstrip: fc.boolean(),
  rescale: hundredths,
  guidanceStart: hundredths,
  guidanceEnd: hundredths,
  clipSkip: whole('clipSkip'),
  eta: hundredths,
  strength: hundredths,
  fit: fc.constantFrom(...FITS),
  maskBlur: fc.integer({ min: 0, max: 64 }).map(String),
  maskedContent: fc.constantFrom(...MASKED_CONTENTS),
  inpaintArea: fc.constantFrom(...INPAINT_AREAS),
  hires: fc.constantFrom('off' as const, 'latent' as const, 'image' as const),
  hiresScale: fc.integer({ min: 4, max: 16 }).map((quarters) => String(quarters / 4)),
  hiresStrength: fc.integer({ min: 5, max: 100 }).map((n) => String(n / 100)),
  hiresSteps: whole('hiresSteps'),
  noise: fc.constantFrom('cpu' as const, 'gpu' as const),
  weights: fc.constantFrom('full' as const, '8' as const, '4' as const),
  memory: fc.constantFrom('auto' as const, 'all' as const, 'one-by-one' as const),
});

test('a form comes back from its link', () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      expect(readHash(`#${writeHash(fields)}`)).toEqual({ fields, refused: [], run: false });
    }),
  );
});

test('a link names every setting, in the documented order', () => {
  expect(writeHash({ ...defaultFields(0), prompt: 'a red apple', width: '136', guidance: '0' })).toBe(
    'prompt=a+red+apple&negative=&seed=0&steps=20&guidance=0&sampler=ddim&width=136&height=128&model=trinket&images=1&device=auto&filmstrip=0&rescale=0&guidanceStart=0&guidanceEnd=1&clipSkip=0&eta=0&noise=cpu&strength=0.6&fit=crop&hires=off&hiresScale=2&hiresStrength=0.6&hiresSteps=0&maskBlur=4&maskedContent=original&inpaintArea=whole&textEncoder=&unet=&vae=&preview=&memory=auto&weights=full',
  );
});

test('zero is a value', () => {
  expect(readHash('#seed=0&guidance=0&run=0')).toEqual({
    fields: { seed: '0', guidance: '0' },
    refused: [],
    run: false,
  });
});

test('bad values are named, unknown parameters ignored, the rest applied', () => {
  const link = readHash(
    '#steps=banana&width=9999&colour=mauve&prompt=hi&guidance=-1&seed=1.5&sampler=fast&filmstrip=2&run=maybe',
  );
  expect(link.fields).toEqual({ prompt: 'hi' });
  expect(link.run).toBe(false);
  expect(link.refused).toMatchObject([
    { name: 'seed', value: '1.5', expected: { kind: 'number', min: 0, max: 4294967295, whole: true } },
    { name: 'steps', value: 'banana', expected: { kind: 'number', min: 1, max: 150, whole: true } },
    { name: 'guidance', value: '-1', expected: { kind: 'number', min: 0, max: 30, whole: false } },
    { name: 'sampler', value: 'fast', expected: { kind: 'sampler' } },
    { name: 'width', value: '9999', expected: { kind: 'number', min: 64, max: 1024, whole: true } },
    { name: 'filmstrip', value: '2', expected: { kind: 'switch' } },
    { name: 'run', value: 'maybe', expected: { kind: 'switch' } },
  ]);
});

test.each(['', '   ', 'NaN', 'Infinity', '1e9', '-1', '0', '151', '2.5'])('steps=%j is refused', (text) => {
  expect(readHash(`#${new URLSearchParams({ steps: text })}`).refused).toHaveLength(1);
});

test('no hash at all never throws', () => {
  fc.assert(fc.property(fc.string(), (hash) => void readHash(hash)));
  expect(readHash('')).toEqual({ fields: {}, refused: [], run: false });
});

test('names of Object’s own are no samplers', () => {
  expect(readHash('#sampler=constructor&model=__proto__&device=toString').refused).toHaveLength(3);
});
