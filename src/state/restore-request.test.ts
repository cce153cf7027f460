import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import { type GenerationRequest, UNTOLD } from '../protocol/calls.ts';
import { acceptField, defaultFields, type Fields, toRequest } from './fields.ts';
import { requestFields } from './restore-request.ts';

const hundredths = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100);
const modelId = fc.constantFrom(null, 'owner/name');

const requests: fc.Arbitrary<GenerationRequest> = fc.record({
  model: fc.constantFrom('trinket', 'owner/name', 'disk:x.safetensors'),
  textEncoder: modelId,
  unet: modelId,
  vae: modelId,
  previewVae: fc.constant(null),
  device: fc.constantFrom('auto', 'webgpu', 'wasm'),
  prompt: fc.string(),
  negativePrompt: fc.string(),
  embeddings: fc.constant([]),
  image: fc.constant(null),
  width: fc.integer({ min: 8, max: 128 }).map((n) => n * 8),
  height: fc.integer({ min: 8, max: 128 }).map((n) => n * 8),
  numInferenceSteps: fc.integer({ min: 1, max: 150 }),
  guidanceScale: hundredths(30),
  guidanceRescale: hundredths(1),
  guidanceStart: hundredths(1),
  guidanceEnd: hundredths(1),
  clipSkip: fc.integer({ min: 0, max: 11 }),
  eta: hundredths(1),
  noise: fc.constantFrom('cpu', 'gpu'),
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  numImages: fc.integer({ min: 1, max: 16 }),
  scheduler: fc.constantFrom(...(Object.keys(SCHEDULERS) as SchedulerId[])),
  filmstrip: fc.constant(false),
  memory: fc.constantFrom('auto', 'all', 'one-by-one'),
  bits: fc.constantFrom(null, 4, 8, 16),
  hires: fc.option(
    fc.record({
      scale: hundredths(3).map((scale) => 1 + scale),
      upscaler: fc.constantFrom('latent', 'image'),
      strength: fc.integer({ min: 5, max: 100 }).map((n) => n / 100),
      steps: fc.integer({ min: 1, max: 150 }),
    }),
  ),
  memoryBytes: fc.constant(null),
});

test('the form made from a request makes that request again, and accepts every field of it', () => {
  fc.assert(
    fc.property(requests, (request) => {
      const fields = requestFields(request);
      const { embeddings, image, memoryBytes, ...asked } = request;
      expect(toRequest({ ...defaultFields(0), ...fields })).toEqual(asked);
      for (const [name, value] of Object.entries(fields))
        expect(acceptField(name as keyof Fields, value), name).toBe(value);
    }),
  );
});

test('what belongs to the picture to begin with comes along', () => {
  const image = { file: new Blob(), fit: 'stretch', strength: 0, mask: null } as const;
  const base = { ...UNTOLD, ...toRequest(defaultFields(0)) };
  expect(requestFields({ ...base, image })).toMatchObject({ strength: '0', fit: 'stretch' });
  expect(requestFields(base)).not.toHaveProperty('strength');
});
