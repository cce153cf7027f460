import { expect, test } from 'vitest';
import type { ControlFacts } from '../../protocol/control-facts.ts';
import type { InstalledModel } from '../../protocol/models.ts';
import { controlFault, fittingControls, toControlLayer } from './control-layers.ts';
import { sampleControl } from './samples/sample-control.ts';
import type { SteeringWorld } from './steering-world.ts';

const entry = (id: string, type: InstalledModel['type'], family: InstalledModel['family']) =>
  ({ id, type, family, complete: true, files: [] as readonly object[] }) as InstalledModel;

const withBase = (model: InstalledModel, base: 'sd1' | 'sd2') =>
  ({ ...model, facts: { base } }) as InstalledModel;
const facts = (id: string, control: Partial<ControlFacts>): InstalledModel => ({
  ...entry(id, 'control', 'sd1'),
  control: { kind: 'ControlNet', base: 'sd1', purpose: 'canny', controlModes: 0, ...control },
});

const INSTALLED = [
  entry('test/sd1', 'model', 'sd1'),
  entry('test/sdxl', 'model', 'sdxl'),
  entry('test/control', 'control', 'sd1'),
  { ...entry('test/partial', 'control', 'sd1'), complete: false },
  entry('test/xl-control', 'control', 'sdxl'),
  withBase(entry('test/base1', 'model', 'sd1'), 'sd1'),
  withBase(entry('test/base2', 'model', 'sd1'), 'sd2'),
  { ...entry('test/onnx', 'model', 'sd1'), files: [{ path: 'unet/model.onnx', size: 1, oid: 'a' }] },
  entry('test/merged', 'model', 'own'),
  facts('test/net2', { base: 'sd2' }),
  facts('test/net1', {}),
  facts('test/adapter1', { kind: 'T2I-Adapter' }),
  facts('test/union', { kind: 'ControlNet Union', purpose: null, controlModes: 6 }),
];
const world = (fields: Partial<SteeringWorld['fields']> = {}, installed = INSTALLED): SteeringWorld => ({
  fields: { model: 'test/sd1', cacheInterval: '1', gateStep: '0', ...fields },
  installed,
});
const UNION = { model: 'test/union', preprocessor: 'canny' } as const;

test.each([
  ['no-picture', { picture: null, map: null }, {}],
  ['no-map', { map: null, preprocessor: 'canny' }, {}],
  ['no-depth-model', { map: null, preprocessor: 'depth' }, {}],
  ['no-part', { start: 0.5, end: 0.5 }, {}],
  ['no-model', { model: null }, {}],
  ['model-gone', { model: 'test/deleted' }, {}],
  ['model-gone', { model: 'test/partial' }, {}],
  ['other-family', {}, { model: 'test/sdxl' }],
  ['other-family', { model: 'test/net1' }, { model: 'test/base2' }],
  ['other-family', { model: 'test/net2' }, { model: 'test/base1' }],
  [null, { model: 'test/net2' }, { model: 'test/base2' }],
  [null, { model: 'test/adapter1' }, { model: 'test/base2' }],
  [null, { model: 'test/net2' }, {}],
  ['no-mode', { ...UNION, controlMode: null }, {}],
  ['no-mode', { ...UNION, controlMode: 6 }, {}],
  [null, { ...UNION, controlMode: 3 }, {}],
  ['not-steered', { picture: null, map: null }, { model: 'trinket' }],
  ['not-steered', {}, { model: 'test/merged' }],
  ['fixed-graph', {}, { model: 'test/onnx' }],
  [null, {}, { model: 'test/not-downloaded' }],
  ['with-reuse', {}, { cacheInterval: '3' }],
  ['with-reuse', {}, { gateStep: '5' }],
] as const)('%s: a layer that is %j, with the form %j', (fault, layer, fields) => {
  expect(controlFault(sampleControl(), false, world())).toBeNull();
  expect(controlFault(sampleControl(layer), false, world(fields))).toBe(fault);
});

test('a map that is being made is no fault, and a map without the picture it was made from neither', () => {
  expect(controlFault(sampleControl({ map: null, preprocessor: 'canny' }), true, world())).toBeNull();
  expect(controlFault(sampleControl({ picture: null }), false, world())).toBeNull();
});

test('before it is known what is on this device, no model is called absent', () => {
  expect(controlFault(sampleControl(), false, { ...world(), installed: null })).toBeNull();
});

test('control models are offered that are here and of the model’s family', () => {
  expect(fittingControls(world({ model: 'test/base2' })).map(({ id }) => id)).toEqual([
    ...['test/control', 'test/net2', 'test/adapter1'],
  ]);
  expect(fittingControls(world({ model: 'test/sdxl' })).map(({ id }) => id)).toEqual(['test/xl-control']);
  for (const model of ['trinket', 'test/onnx', 'test/merged'])
    expect(fittingControls(world({ model }))).toEqual([]);
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
