import { expect, test } from 'vitest';
import type { InstalledModel } from '../../protocol/models.ts';
import { controlFault, fittingControls, toControlLayer } from './control-layers.ts';
import { sampleControl } from './samples/sample-control.ts';

const entry = (id: string, type: InstalledModel['type'], family: InstalledModel['family']) =>
  ({ id, type, family, complete: true }) as InstalledModel;

const INSTALLED = [
  entry('test/sd1', 'model', 'sd1'),
  entry('test/sdxl', 'model', 'sdxl'),
  entry('test/control', 'control', 'sd1'),
  { ...entry('test/partial', 'control', 'sd1'), complete: false },
  entry('test/xl-control', 'control', 'sdxl'),
];
const WORLD = { model: 'test/sd1', installed: INSTALLED };

test.each([
  ['no-picture', { picture: null, map: null }, {}],
  ['no-map', { map: null, preprocessor: 'canny' }, {}],
  ['no-depth-model', { map: null, preprocessor: 'depth' }, {}],
  ['no-part', { start: 0.5, end: 0.5 }, {}],
  ['no-model', { model: null }, {}],
  ['model-gone', { model: 'test/deleted' }, {}],
  ['model-gone', { model: 'test/partial' }, {}],
  ['other-family', {}, { model: 'test/sdxl' }],
  ['not-steered', {}, { model: 'trinket' }],
] as const)('%s: a layer that is %j, with the form’s model %j', (fault, layer, world) => {
  expect(controlFault(sampleControl(), false, WORLD)).toBeNull();
  expect(controlFault(sampleControl(layer), false, { ...WORLD, ...world })).toBe(fault);
});

test('a map that is being made is no fault, and a map without the picture it was made from neither', () => {
  expect(controlFault(sampleControl({ map: null, preprocessor: 'canny' }), true, WORLD)).toBeNull();
  expect(controlFault(sampleControl({ picture: null }), false, WORLD)).toBeNull();
});

test('before it is known what is on this device, no model is called absent', () => {
  expect(controlFault(sampleControl(), false, { model: 'test/sd1', installed: null })).toBeNull();
});

test('control models are offered that are here and of the model’s family', () => {
  expect(fittingControls(WORLD).map(({ id }) => id)).toEqual(['test/control']);
  expect(fittingControls({ ...WORLD, model: 'test/sdxl' }).map(({ id }) => id)).toEqual(['test/xl-control']);
  expect(fittingControls({ ...WORLD, model: 'trinket' })).toEqual([]);
});

test('a request has a layer with its map as it is, where nobody has painted on it', async () => {
  const map = new Blob(['map']);
  const layer = { ...sampleControl({ scale: 0.7, start: 0.1, end: 0.9, isGuess: true }), map, model: 'c' };
  expect(await toControlLayer(layer)).toEqual({
    ...{
      model: 'c',
      preprocessor: 'none',
      controlMode: null,
      scale: 0.7,
      start: 0.1,
      end: 0.9,
      isGuess: true,
    },
    map,
  });
});
