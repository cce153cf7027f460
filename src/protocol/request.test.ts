import fc from 'fast-check';
import { expect, test } from 'vitest';
import { REQUEST_DEFAULTS } from './generation.ts';
import { INIT_IMAGE_DEFAULTS } from './init-image.ts';
import { parseRequest } from './request.ts';
import { anyRequest } from './samples/any-request.ts';
import { requestWith } from './samples/sample-request.ts';

const REQUEST = requestWith({ prompt: '', numInferenceSteps: 1, guidanceScale: 0 });

test('any request made of the settings in the table is accepted as it is', () => {
  fc.assert(fc.property(anyRequest, (request) => void expect(parseRequest(request)).toEqual(request)));
});

test('a request of an earlier version has the defaults of settings that are newer', () => {
  const { eta: _, hires: __, ...older } = REQUEST;
  expect(parseRequest(older)).toEqual({ ...REQUEST, eta: 0, hires: REQUEST_DEFAULTS.hires });
  const image = { file: new Blob(), fit: 'crop', strength: 0.5, mask: null };
  expect(parseRequest({ ...REQUEST, image }).image).toEqual({ ...INIT_IMAGE_DEFAULTS, ...image });
});

test('zeros and an empty prompt are accepted', () => {
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
  ['numInferenceSteps', 1001],
  ['width', 2056],
  ['width', 56],
  ['guidanceScale', Number.NaN],
  ['guidanceScale', -1],
  ['guidanceScale', 100.5],
  ['seed', 2 ** 32],
  ['seed', -1],
  ['seed', 'seven'],
  ['numImages', 0],
  ['scheduler', 'dpm'],
  ['model', ''],
  ['device', 'npu'],
  ['prompt', 7],
])('%s: %s is refused, and the error names the field', (field, value) => {
  expect(() => parseRequest({ ...REQUEST, [field]: value })).toThrow(
    expect.objectContaining({ code: 'invalid-request', details: expect.objectContaining({ field }) }),
  );
});

test('a text that is too long is refused with its length and the most that it may have', () => {
  expect(() => parseRequest({ ...REQUEST, prompt: 'x'.repeat(12_000) })).toThrow(
    expect.objectContaining({
      code: 'invalid-request',
      details: { kind: 'too-long', field: 'prompt', most: 10_000, found: 12_000 },
    }),
  );
  expect(parseRequest({ ...REQUEST, prompt: 'x'.repeat(10_000) }).prompt).toHaveLength(10_000);
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
