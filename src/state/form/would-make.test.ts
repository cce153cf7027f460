import { expect, test } from 'vitest';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { type Fields, freshFields } from './fields.ts';
import { toFormRequest } from './form-request.ts';
import { wouldMake } from './would-make.ts';

const NO_IMAGE = { file: null, mask: null };
const FORM: Fields = { ...freshFields(7), prompt: 'a cat', hiresUpscaler: 'latent' };
const made = { request: requestWith({ ...toFormRequest(FORM), numImages: 4 }), seeds: [7, 8, 9, 10] };

test('the form that made a picture would make it', () => {
  expect(wouldMake(FORM, NO_IMAGE, made)).toBe(true);
  const local = { ...FORM, numImages: '1', device: 'wasm', filmstrip: true, seed: '9' } as const;
  expect(wouldMake(local, NO_IMAGE, made), 'what changes no pixel counts for nothing').toBe(true);
});

test.each([
  { prompt: 'a dog' },
  { seed: '11' },
  { numInferenceSteps: '21' },
  { numInferenceSteps: '' },
  { hiresScale: '1.5' },
  { hiresUpscaler: 'off' },
  { clipSkip: '1' },
  { vae: 'a/b' },
] as Partial<Fields>[])('with %j it would make another', (change) => {
  expect(wouldMake({ ...FORM, ...change }, NO_IMAGE, made)).toBe(false);
});

test('texts count as they were painted, and as what they were chosen from', () => {
  const texts = { prompt: 'a {red|blue} cat', negativePrompt: '' };
  const request = { ...made.request, ...texts, template: null };
  const painted = { prompt: 'a red cat', negativePrompt: '', template: null };
  const withPrompt = (prompt: string) => ({ ...FORM, prompt });
  expect(wouldMake(withPrompt('a {red|blue} cat'), NO_IMAGE, { ...made, request })).toBe(true);
  expect(wouldMake(withPrompt('a red cat'), NO_IMAGE, { ...made, request })).toBe(false);
  expect(wouldMake(withPrompt('a red cat'), NO_IMAGE, { ...made, request, texts: [null, painted] })).toBe(
    true,
  );
  // One of the gallery, whose template is known.
  const kept = { ...made.request, ...painted, template: { ...texts, styles: [] } };
  expect(wouldMake(withPrompt('a {red|blue} cat'), NO_IMAGE, { ...made, request: kept })).toBe(true);
  expect(wouldMake(withPrompt('a red cat'), NO_IMAGE, { ...made, request: kept })).toBe(true);
});

test('a picture to start from counts, and how much of it may change', () => {
  const file = new Blob(['a start picture']);
  expect(wouldMake(FORM, { file, mask: null }, made)).toBe(false);
  const image = { file, mask: null, strength: 0.6, fit: 'crop' } as never;
  const begun = { ...made, request: { ...made.request, image } };
  expect(wouldMake(FORM, NO_IMAGE, begun)).toBe(false);
  // Out of storage it is another Blob of the same bytes.
  const start = { file: new Blob(['a start picture']), mask: null };
  expect(wouldMake(FORM, start, begun)).toBe(true);
  expect(wouldMake({ ...FORM, strength: '0.5' }, start, begun)).toBe(false);
  expect(wouldMake(FORM, { ...start, mask: { strokes: [], isInverted: true } }, begun)).toBe(false);
});
