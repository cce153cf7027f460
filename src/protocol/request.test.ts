import { expect, test } from 'vitest';
import { UNTOLD } from './generation.ts';
import { parseRequest } from './request.ts';

const REQUEST = {
  model: 'trinket',
  device: 'auto',
  prompt: '',
  negativePrompt: '',
  width: 128,
  height: 72,
  numInferenceSteps: 1,
  guidanceScale: 0,
  seed: 0,
  numImages: 1,
  scheduler: 'euler',
  filmstrip: false,
  ...UNTOLD,
};

test('zeros and an empty prompt are values', () => {
  expect(parseRequest(REQUEST)).toEqual(REQUEST);
});

test.each([
  ['width', 100],
  ['height', 0],
  ['height', 12.5],
  ['guidanceRescale', 1.01],
  ['guidanceStart', -0.1],
  ['clipSkip', 32],
  ['eta', Number.NaN],
  ['noise', 'tpu'],
  ['numInferenceSteps', 0],
  ['numInferenceSteps', 1.5],
  ['guidanceScale', Number.NaN],
  ['guidanceScale', -1],
  ['seed', 2 ** 32],
  ['seed', -1],
  ['seed', 'seven'],
  ['numImages', 0],
  ['scheduler', 'dpm'],
  ['model', ''],
  ['device', 'npu'],
  ['prompt', 7],
])('%s: %s is refused, and the field named', (field, value) => {
  expect(() => parseRequest({ ...REQUEST, [field]: value })).toThrow(
    expect.objectContaining({ code: 'invalid-request', details: expect.objectContaining({ field }) }),
  );
});

test.each([
  ['scale', 4.5],
  ['scale', 0.5],
  ['upscaler', 'esrgan'],
  ['strength', 0],
  ['strength', 1.01],
  ['steps', 0],
])('hires.%s: %s is refused', (field, value) => {
  const hires = { scale: 2, upscaler: 'latent', strength: 1, steps: 1 };
  expect(parseRequest({ ...REQUEST, hires })).toMatchObject({ hires });
  expect(() => parseRequest({ ...REQUEST, hires: { ...hires, [field]: value } })).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ field: `hires.${field}` }) }),
  );
});
