import { expect, test } from 'vitest';
import type { InstalledModel } from '../../protocol/models.ts';
import { fittingAdapters, picturePromptFault } from './picture-prompts.ts';
import { NEW_PICTURE_PROMPT } from './picture-prompts-store.ts';
import type { SteeringWorld } from './steering-world.ts';

const row = (id: string, type: string, family: string, complete = true) =>
  ({ id, type, family, complete, files: [] as readonly object[] }) as InstalledModel;
const INSTALLED = [
  row('sd', 'model', 'sd1'),
  row('own', 'model', 'own'),
  row('plus', 'ip_adapter', 'sd1'),
  row('half', 'ip_adapter', 'sd1', false),
  row('xl', 'ip_adapter', 'sdxl'),
  row('edges', 'control', 'sd1'),
  { ...row('onnx', 'model', 'sd1'), files: [{ path: 'unet/model.onnx', size: 1, oid: 'a' }] },
  { ...row('sd2', 'model', 'sd1'), facts: { base: 'sd2' } } as InstalledModel,
];
const world = (fields: Partial<SteeringWorld['fields']>): SteeringWorld => ({
  fields: { model: 'sd', cacheInterval: '1', gateStep: '0', ...fields },
  installed: INSTALLED,
});
const WHOLE = { ...NEW_PICTURE_PROMPT, id: 'a', adapter: 'plus', pictures: [new Blob()] };

test('an adapter fits that is whole, and of the form’s model’s family', () => {
  expect(fittingAdapters(world({ model: 'sd' })).map(({ id }) => id)).toEqual(['plus']);
  expect(fittingAdapters(world({ model: 'trinket' }))).toEqual([]);
});

test.each([
  ['is whole', {}, 'sd', null],
  ['has no picture', { pictures: [] }, 'sd', 'no-picture'],
  ['has no adapter', { adapter: null }, 'sd', 'no-adapter'],
  ['has one that was deleted', { adapter: 'gone' }, 'sd', 'adapter-gone'],
  ['has one that is not whole', { adapter: 'half' }, 'sd', 'adapter-gone'],
  ['has a ControlNet', { adapter: 'edges' }, 'sd', 'adapter-gone'],
  ['has one of another family', { adapter: 'xl' }, 'sd', 'other-family'],
  ['is for Trinket', { pictures: [] }, 'trinket', 'not-steered'],
  ['is for a model of its own kind', {}, 'own', 'not-steered'],
  ['is for an ONNX model', {}, 'onnx', 'fixed-graph'],
  ['is for a model that is not here', {}, 'absent', null],
  ['is for Stable Diffusion 2', {}, 'sd2', 'other-family'],
  ['is beside T-GATE', {}, { gateStep: '5' }, 'with-gate'],
  ['is beside DeepCache', {}, { cacheInterval: '3' }, null],
])('a picture prompt that %s', (_, changes, form, fault) => {
  expect(
    picturePromptFault({ ...WHOLE, ...changes }, world(typeof form === 'string' ? { model: form } : form)),
  ).toBe(fault);
});
