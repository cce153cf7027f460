import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { steeringSettings } from '../../protocol/control.ts';
import { anyRequest, anyValues } from '../../protocol/samples/any-request.ts';
import { fieldsOf, freshFields } from './fields.ts';
import { readHash, writeHash } from './url.ts';

const anyFields = anyValues.map(fieldsOf);

test('a form comes back from its link', () => {
  fc.assert(
    fc.property(anyFields, (fields) => {
      expect(readHash(`#${writeHash(fields)}`)).toEqual({ fields, refused: [], run: false });
    }),
  );
});

/** As an earlier version wrote it: the same names, in another order. */
const OLDER_LINK =
  'prompt=a+red+apple&negative=blue&seed=7&steps=150&guidance=2.5&sampler=euler&width=1024&height=64&model=trinket&images=4&device=wasm&filmstrip=1&rescale=0.7&guidanceStart=0.1&guidanceEnd=0.9&clipSkip=2&eta=1&noise=gpu&strength=0.4&fit=fill&hires=latent&hiresScale=1.5&hiresStrength=0.3&hiresSteps=9&maskBlur=8&maskedContent=noise&inpaintArea=64&textEncoder=a%2Fd&unet=a%2Fe&vae=a%2Fb&preview=a%2Fc&memory=all&weights=8';

test('a link of an earlier version sets every field', () => {
  const { fields, refused } = readHash(`#${OLDER_LINK}`);
  expect(refused).toEqual([]);
  expect(fields).toEqual({
    ...{ prompt: 'a red apple', negativePrompt: 'blue', seed: '7', numInferenceSteps: '150' },
    ...{ guidanceScale: '2.5', scheduler: 'euler', width: '1024', height: '64', model: 'trinket' },
    ...{ numImages: '4', device: 'wasm', filmstrip: true, guidanceRescale: '0.7', guidanceStart: '0.1' },
    ...{ guidanceEnd: '0.9', clipSkip: '2', eta: '1', noise: 'gpu', strength: '0.4', fit: 'fill' },
    ...{ hiresUpscaler: 'latent', hiresScale: '1.5', hiresStrength: '0.3', hiresSteps: '9', maskBlur: '8' },
    ...{ maskedContent: 'noise', paddingMaskCrop: '64', textEncoder: 'a/d', unet: 'a/e', vae: 'a/b' },
    ...{ previewVae: 'a/c', memory: 'all', bits: '8' },
  });
  const parameters = (link: string) => [...new URLSearchParams(link)].sort();
  // What came later has its default.
  const now = `${OLDER_LINK}&emphasis=original&schedule=automatic&deepCache=1&deepCacheBranch=0&tGate=0`;
  expect(parameters(writeHash({ ...freshFields(0), ...fields }))).toEqual(parameters(now));
});

test('a link names every setting, in the order of the table', () => {
  expect(writeHash({ ...freshFields(0), prompt: 'a red apple', width: '136', guidanceScale: '0' })).toBe(
    'prompt=a+red+apple&negative=&model=trinket&vae=&unet=&textEncoder=&weights=full&steps=20&guidance=0&sampler=ddim&schedule=automatic&seed=0&width=136&height=128&strength=0.6&fit=crop&maskBlur=4&maskedContent=original&inpaintArea=whole&rescale=0&guidanceStart=0&guidanceEnd=1&clipSkip=0&emphasis=original&eta=0&deepCache=1&deepCacheBranch=0&tGate=0&noise=cpu&hires=off&hiresScale=2&hiresStrength=0.05&hiresSteps=0&preview=&images=1&device=auto&filmstrip=0&memory=auto',
  );
});

test('zero is accepted as a value', () => {
  expect(readHash('#seed=0&guidance=0&run=0')).toEqual({
    fields: { seed: '0', guidanceScale: '0' },
    refused: [],
    run: false,
  });
});

test('bad values and unknown parameters are listed, and all others applied', () => {
  const link = readHash(
    '#steps=banana&width=9999&colour=mauve&prompt=hi&guidance=-1&seed=1.5&sampler=fast&filmstrip=2&run=maybe',
  );
  expect(link.fields).toEqual({ prompt: 'hi' });
  expect(link.run).toBe(false);
  expect(link.refused).toEqual([
    {
      name: 'steps',
      value: 'banana',
      expected: { kind: 'number', min: 1, max: 1000, whole: true },
    },
    { name: 'guidance', value: '-1', expected: { kind: 'number', min: 0, max: 100, whole: false } },
    { name: 'sampler', value: 'fast', expected: { kind: 'sampler' } },
    { name: 'seed', value: '1.5', expected: { kind: 'number', min: 0, max: 4294967295, whole: true } },
    { name: 'width', value: '9999', expected: { kind: 'number', min: 64, max: 2048, whole: true } },
    { name: 'filmstrip', value: '2', expected: { kind: 'switch' } },
    { name: 'run', value: 'maybe', expected: { kind: 'switch' } },
    { name: 'colour', value: 'mauve', expected: { kind: 'unknown' } },
  ]);
});

test('a place on a page, and the screen, are no unknown settings', () => {
  expect(readHash('#main').refused).toEqual([]);
  expect(readHash('#screen=gallery&seed=1').refused).toEqual([]);
});

test('a prompt that no request may hold is refused, and only its beginning is shown', () => {
  const { fields, refused } = readHash(`#seed=1&prompt=${'x'.repeat(12_000)}`);
  expect(fields).toEqual({ seed: '1' });
  expect(refused).toEqual([
    { name: 'prompt', value: `${'x'.repeat(100)}…`, expected: { kind: 'text', maxLength: 10_000 } },
  ]);
});

test.each(['', '   ', 'NaN', 'Infinity', '1e9', '-1', '0', '1001', '2.5'])('steps=%j is refused', (text) => {
  expect(readHash(`#${new URLSearchParams({ steps: text })}`).refused).toHaveLength(1);
});

test('no hash ever makes it throw', () => {
  fc.assert(fc.property(fc.string(), (hash) => void readHash(hash)));
  expect(readHash('')).toEqual({ fields: {}, refused: [], run: false });
});

test('names that every object has are not samplers, models or devices', () => {
  expect(readHash('#sampler=constructor&model=__proto__&device=toString').refused).toHaveLength(3);
});

test('the styles that are chosen are a part of a link, whatever their names; a prompt without them has none', () => {
  const styles = ['Film, grain', 'ä & b=c'];
  expect(readHash(writeHash({ prompt: 'a' }, styles))).toMatchObject({ fields: { prompt: 'a' }, styles });
  expect(readHash(writeHash({ prompt: 'a' })).styles).toBeUndefined();
  expect(readHash('#styles=').styles).toEqual([]);
});

const anySteering = anyRequest.map(steeringSettings);

test('what steers comes back from a link, but for its pictures', () => {
  fc.assert(
    fc.property(anyFields, anySteering, (fields, steering) => {
      const { controls, picturePrompts } = steering;
      expect(readHash(writeHash(fields, [], steering))).toEqual({
        ...{ fields, refused: [], run: false },
        ...(controls.length > 0 && { controls }),
        ...(picturePrompts.length > 0 && { picturePrompts }),
      });
    }),
  );
});

test('a layer is a short parameter', () => {
  const layer = { preprocessor: 'canny', scale: 0.8, start: 0, end: 0.5, model: 'owner/name' } as const;
  const controls = [
    { ...layer, controlMode: null, isGuess: false },
    { ...layer, controlMode: 3, isGuess: true },
  ];
  const picturePrompts = [{ adapter: 'owner/ip', scale: 0.6, parts: 'style', pictureCount: 2 } as const];
  expect(writeHash({}, [], { controls, picturePrompts })).toBe(
    'control=canny+0.8+0-0.5+owner%2Fname&control=canny+0.8+0-0.5+guess+kind3+owner%2Fname&picturePrompt=style+0.6+2+owner%2Fip',
  );
});

test('layers that cannot be are listed, and the others applied', () => {
  const texts = [
    ...['canny 1 0-1 a/b', 'openpose 1 0-1 a/b', 'canny 3 0-1 a/b', 'canny 1 0-2 a/b', 'canny 1 0-1', ''],
    'canny 1 0-1 kind99 a/b',
  ];
  const hash = new URLSearchParams(texts.map((text) => ['control', text])).toString();
  const { controls, refused } = readHash(`${hash}&picturePrompt=x`);
  expect(controls?.map(({ model }) => model)).toEqual(['a/b']);
  expect(refused).toEqual([
    ...texts.slice(1).map((value) => ({ name: 'control', value, expected: { kind: 'control' } })),
    { name: 'picturePrompt', value: 'x', expected: { kind: 'picturePrompt' } },
  ]);
  const many = Array.from({ length: 100 }, () => ['control', 'canny 1 0-1 a/b']);
  const most = readHash(new URLSearchParams(many).toString());
  expect(most.controls).toHaveLength(8);
  expect(most.refused).toHaveLength(10);
});
