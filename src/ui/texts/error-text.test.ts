import { expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { errorText } from './error-text.ts';

test('a missing file is named with the server’s answer', () => {
  const error = new AppError('download-failed', 'no', { file: 'unet/config.json', status: 404 });
  expect(errorText(en.errors, error).sentence).toBe(
    'unet/config.json could not be loaded: the server answered 404.',
  );
});

test('a damaged file is named with what was expected and found, hashes shortened', () => {
  const expected = `sha256 ${'0123456789abcdef'.repeat(4)}`;
  const error = new AppError('corrupt-file', 'no', { file: 'vae/x.safetensors', expected, found: 12 });
  expect(errorText(en.errors, error).sentence).toBe(
    'vae/x.safetensors is damaged: expected sha256 0123456789ab…, found 12.',
  );
});

test('without details the sentence is still whole', () => {
  expect(errorText(en.errors, new AppError('corrupt-file', 'no')).sentence).toBe(
    'A file of the model is damaged.',
  );
  expect(errorText(en.errors, new AppError('no-webgpu', 'no')).sentence).toBe(
    'This browser does not offer WebGPU to this page.',
  );
});

test('an unexpected error keeps its message', () => {
  expect(errorText(en.errors, new AppError('bug', 'TypeError: x')).sentence).toContain('TypeError: x');
});

test.each([
  ['numInferenceSteps', 'Steps cannot be 0.', 'Schritte kann nicht 0 sein.'],
  ['image.strength', 'Strength cannot be 0.', 'Stärke kann nicht 0 sein.'],
  ['hires.scale', 'Upscale by cannot be 0.', 'Hires-Faktor kann nicht 0 sein.'],
])('a refused %s has the name it has in the form', (field, english, german) => {
  const error = new AppError('invalid-request', 'no', { field, expected: '>=1', found: '0' });
  expect(errorText(en.errors, error).sentence).toBe(english);
  expect(errorText(de.errors, error).sentence).toBe(german);
});

test('a refused value that is no setting of the form keeps its message', () => {
  const error = new AppError('invalid-request', 'memoryBytes: expected number.', { field: 'memoryBytes' });
  expect(errorText(en.errors, error)).toEqual({
    sentence: 'memoryBytes: expected number.',
    remedy: 'Change that setting, then press Generate again.',
  });
});
