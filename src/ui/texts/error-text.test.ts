import { expect, test } from 'vitest';
import { AppError } from '../../protocol/errors.ts';
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
