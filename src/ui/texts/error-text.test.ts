import { expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../protocol/errors.ts';
import { de } from './de.ts';
import { type ErrorPlace, en, type Texts } from './en.ts';
import { errorText } from './error-text.ts';

test('a missing file is named with the server’s answer', () => {
  const error = new AppError('download-failed', 'no', { file: 'unet/config.json', status: 404 });
  expect(errorText(en.errors, 'create', error).sentence).toBe(
    'unet/config.json could not be loaded: the server answered 404.',
  );
});

test('a damaged file is named with what was expected and found, hashes shortened', () => {
  const expected = `sha256 ${'0123456789abcdef'.repeat(4)}`;
  const error = new AppError('corrupt-file', 'no', { file: 'vae/x.safetensors', expected, found: 12 });
  expect(errorText(en.errors, 'create', error).sentence).toBe(
    'vae/x.safetensors is damaged: expected sha256 0123456789ab…, found 12.',
  );
});

test('without details the sentence is still whole', () => {
  expect(errorText(en.errors, 'create', new AppError('corrupt-file', 'no')).sentence).toBe(
    'A file of the model is damaged.',
  );
  expect(errorText(en.errors, 'create', new AppError('no-webgpu', 'no')).sentence).toBe(
    'This browser does not offer WebGPU to this page.',
  );
});

test('an unexpected error keeps its message', () => {
  expect(errorText(en.errors, 'create', new AppError('bug', 'TypeError: x')).sentence).toContain(
    'TypeError: x',
  );
});

test.each([
  ['numInferenceSteps', 'Steps cannot be 0.', 'Schritte kann nicht 0 sein.'],
  ['image.strength', 'Strength cannot be 0.', 'Stärke kann nicht 0 sein.'],
  ['hires.scale', 'Upscale by cannot be 0.', 'Hires-Faktor kann nicht 0 sein.'],
])('a refused %s has the name it has in the form', (field, english, german) => {
  const error = new AppError('invalid-request', 'no', { field, expected: '>=1', found: '0' });
  expect(errorText(en.errors, 'create', error).sentence).toBe(english);
  expect(errorText(de.errors, 'create', error).sentence).toBe(german);
});

test('a text that is too long is named with both lengths', () => {
  const details = { kind: 'too-long', field: 'prompt', most: 10_000, found: 12_000 };
  const error = new AppError('invalid-request', 'no', details);
  expect(errorText(en.errors, 'create', error)).toEqual({
    sentence: 'Prompt can have at most 10,000 characters, and has 12,000.',
    remedy: 'Shorten it.',
  });
  expect(errorText(de.errors, 'create', error).sentence).toBe(
    'Prompt kann höchstens 10.000 Zeichen haben und hat 12.000.',
  );
});

test('a refused value that is no setting of the form keeps its message', () => {
  const error = new AppError('invalid-request', 'memoryBytes: expected number.', { field: 'memoryBytes' });
  expect(errorText(en.errors, 'create', error)).toEqual({
    sentence: 'memoryBytes: expected number.',
    remedy: 'Change that setting.',
  });
});

const PLACES = [
  'create',
  'start-image',
  'queue',
  'experiments',
  'gallery',
  'models',
  'upscale',
  'migration',
] as const;
const CODES = Object.keys(en.errors.codes) as ErrorCode[];

test('a remedy names Generate only where it is at hand', () => {
  const namesIt = ({ errors }: Texts, place: ErrorPlace, name: string) =>
    CODES.filter((code) => errorText(errors, place, new AppError(code, 'no')).remedy.includes(name));
  for (const place of PLACES) {
    const isAtHand = place === 'create';
    expect(namesIt(en, place, 'Generate').length > 0, place).toBe(isAtHand);
    expect(namesIt(de, place, '„Malen“ drücken').length > 0, place).toBe(isAtHand);
  }
  const ofFaults = [...Object.values(en.errors.remedies), ...Object.values(de.errors.remedies)];
  expect(ofFaults.filter((remedy) => /Generate|„Malen“ drücken/.test(remedy))).toEqual([]);
});

test.each([
  ['create', 'Check your internet connection, then press Generate again.'],
  ['models', 'Check your internet connection, then try again.'],
] as const)('under %s a download that failed is mended by what can be pressed there', (place, remedy) => {
  expect(errorText(en.errors, place, new AppError('download-failed', 'no')).remedy).toBe(remedy);
});
