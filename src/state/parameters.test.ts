import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readParameters } from './parameters.ts';

test('what A1111 writes', () => {
  const text = [
    'a castle on a hill,',
    'at night',
    'Negative prompt: blurry, text',
    'Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 12345, Size: 512x768, Model hash: 6ce0161689, ' +
      'Model: v1-5-pruned-emaonly, Denoising strength: 0.45, Clip skip: 2, RNG: CPU, Lora hashes: "a: 1, b: 2", Version: v1.9.3',
  ].join('\n');
  expect(readParameters(text)).toEqual({
    prompt: 'a castle on a hill,\nat night',
    negative: 'blurry, text',
    steps: '25',
    sampler: 'dpmpp-2m-karras',
    guidance: '6.5',
    seed: '12345',
    width: '512',
    height: '768',
    strength: '0.45',
    clipSkip: '1',
    noise: 'cpu',
  });
});

test.each([
  ['Euler a', 'euler-ancestral'],
  ['DPM++ 2M SDE Karras', 'dpmpp-2m-sde-karras'],
  ['PLMS', 'pndm'],
  ['DPM2 a', 'dpm2-ancestral'],
  ['Restart', undefined],
])('the sampler %s is %s', (name, id) => {
  expect(readParameters(`a\nSteps: 20, Sampler: ${name}, CFG scale: 7`).sampler).toBe(id);
});

test('what the form does not accept is left out, and a text of another kind holds nothing', () => {
  expect(readParameters('a\nSteps: 9999, Seed: -1, Size: 99999x64')).toEqual({
    prompt: 'a',
    negative: '',
    height: '64',
    clipSkip: '0',
  });
  expect(readParameters('a red apple')).toEqual({});
  expect(readParameters('{"nodes": []}')).toEqual({});
  expect(readParameters('')).toEqual({});
});

test('any text ends in settings or in none, soon', () => {
  const piece = fc.constantFrom(
    'Steps: ',
    ', ',
    ': ',
    '"',
    '\n',
    'Size: ',
    'x',
    '1',
    'Negative prompt:',
    'é',
    '\\',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      expect(typeof readParameters(pieces.join(''))).toBe('object');
      expect(typeof readParameters(`Steps: ${pieces.join('')}`)).toBe('object');
    }),
  );
  expect(readParameters(`Steps: ${': "'.repeat(200_000)}`)).toBeDefined();
});
