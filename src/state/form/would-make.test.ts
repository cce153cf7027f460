import { expect, test } from 'vitest';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { type Fields, freshFields } from './fields.ts';
import { toFormRequest } from './form-request.ts';
import { wouldMake } from './would-make.ts';

const formOf = (fields: Fields, ...styles: readonly string[]) => ({ fields, styles });
const NO_IMAGE = { file: null, mask: null };
const FORM: Fields = { ...freshFields(7), prompt: 'a cat', hiresUpscaler: 'latent' };
const made = { request: requestWith({ ...toFormRequest(FORM), numImages: 4 }), seeds: [7, 8, 9, 10] };

test('the form that made a picture would make it', () => {
  expect(wouldMake(formOf(FORM), NO_IMAGE, made)).toBe(true);
  const local = { ...FORM, numImages: '1', device: 'wasm', filmstrip: true, seed: '9' } as const;
  expect(wouldMake(formOf(local), NO_IMAGE, made), 'what changes no pixel counts for nothing').toBe(true);
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
  expect(wouldMake(formOf({ ...FORM, ...change }), NO_IMAGE, made)).toBe(false);
});

test('texts count as they were painted, and as what they were chosen from', () => {
  const texts = { prompt: 'a {red|blue} cat', negativePrompt: '' };
  const request = { ...made.request, ...texts, template: null };
  const painted = { prompt: 'a red cat', negativePrompt: '', template: null };
  const withPrompt = (prompt: string) => ({ ...FORM, prompt });
  expect(wouldMake(formOf(withPrompt('a {red|blue} cat')), NO_IMAGE, { ...made, request })).toBe(true);
  expect(wouldMake(formOf(withPrompt('a red cat')), NO_IMAGE, { ...made, request })).toBe(false);
  expect(
    wouldMake(formOf(withPrompt('a red cat')), NO_IMAGE, { ...made, request, texts: [null, painted] }),
  ).toBe(true);
  // One of the gallery, whose template is known.
  const kept = { ...made.request, ...painted, template: { ...texts, styles: [] } };
  expect(wouldMake(formOf(withPrompt('a {red|blue} cat')), NO_IMAGE, { ...made, request: kept })).toBe(true);
  expect(wouldMake(formOf(withPrompt('a red cat')), NO_IMAGE, { ...made, request: kept })).toBe(true);
  expect(wouldMake(formOf(withPrompt('a red cat'), 'film'), NO_IMAGE, { ...made, request: kept })).toBe(
    false,
  );
  const styled = { ...kept, template: { ...texts, styles: ['film'] } };
  const typed = withPrompt('a {red|blue} cat');
  expect(wouldMake(formOf(typed, 'film'), NO_IMAGE, { ...made, request: styled })).toBe(true);
  expect(wouldMake(formOf(typed), NO_IMAGE, { ...made, request: styled })).toBe(false);
});

test('a picture to start from counts, and how much of it may change', () => {
  const file = new Blob(['a start picture']);
  expect(wouldMake(formOf(FORM), { file, mask: null }, made)).toBe(false);
  const image = { file, mask: null, strength: 0.6, fit: 'crop' } as never;
  const begun = { ...made, request: { ...made.request, image } };
  expect(wouldMake(formOf(FORM), NO_IMAGE, begun)).toBe(false);
  // Out of storage it is another Blob of the same bytes.
  const start = { file: new Blob(['a start picture']), mask: null };
  expect(wouldMake(formOf(FORM), start, begun)).toBe(true);
  expect(wouldMake(formOf({ ...FORM, strength: '0.5' }), start, begun)).toBe(false);
  expect(wouldMake(formOf(FORM), { ...start, mask: { strokes: [], isInverted: true } }, begun)).toBe(false);
});

test('what steers counts, and how strongly', () => {
  const layer = {
    model: 'a/b',
    preprocessor: 'canny',
    controlMode: null,
    scale: 0.8,
    start: 0,
    end: 1,
  } as const;
  const controls = [{ ...layer, isGuess: false }];
  const request = { ...made.request, controls: controls.map((one) => ({ ...one, map: new Blob(['map']) })) };
  const steered = { ...made, request };
  expect(wouldMake(formOf(FORM), NO_IMAGE, steered)).toBe(false);
  expect(wouldMake(formOf(FORM), { ...NO_IMAGE, controls }, made)).toBe(false);
  expect(wouldMake(formOf(FORM), { ...NO_IMAGE, controls }, steered)).toBe(true);
  const weaker = controls.map((one) => ({ ...one, scale: 0.7 }));
  expect(wouldMake(formOf(FORM), { ...NO_IMAGE, controls: weaker }, steered)).toBe(false);
});
