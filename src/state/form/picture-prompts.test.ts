import { expect, test } from 'vitest';
import type { InstalledModel } from '../../protocol/models.ts';
import { fittingAdapters, picturePromptFault } from './picture-prompts.ts';
import { NEW_PICTURE_PROMPT } from './picture-prompts-store.ts';

const row = (id: string, type: string, family: string, complete = true) =>
  ({ id, type, family, complete }) as InstalledModel;
const INSTALLED = [
  row('sd', 'model', 'sd1'),
  row('own', 'model', 'own'),
  row('plus', 'ip_adapter', 'sd1'),
  row('half', 'ip_adapter', 'sd1', false),
  row('xl', 'ip_adapter', 'sdxl'),
  row('edges', 'control', 'sd1'),
];
const WHOLE = { ...NEW_PICTURE_PROMPT, id: 'a', adapter: 'plus', pictures: [new Blob()] };

test('an adapter fits that is whole, and of the form’s model’s family', () => {
  expect(fittingAdapters({ model: 'sd', installed: INSTALLED }).map(({ id }) => id)).toEqual(['plus']);
  expect(fittingAdapters({ model: 'trinket', installed: INSTALLED })).toEqual([]);
});

test.each([
  ['is whole', {}, 'sd', null],
  ['has no picture', { pictures: [] }, 'sd', 'no-picture'],
  ['has no adapter', { adapter: null }, 'sd', 'no-adapter'],
  ['has one that was deleted', { adapter: 'gone' }, 'sd', 'adapter-gone'],
  ['has one that is not whole', { adapter: 'half' }, 'sd', 'adapter-gone'],
  ['has a ControlNet', { adapter: 'edges' }, 'sd', 'adapter-gone'],
  ['has one of another family', { adapter: 'xl' }, 'sd', 'other-family'],
  ['is for Trinket', {}, 'trinket', 'not-prompted'],
  ['is for a model of its own kind', {}, 'own', 'not-prompted'],
])('a picture prompt that %s', (_, changes, model, fault) => {
  expect(picturePromptFault({ ...WHOLE, ...changes }, { model, installed: INSTALLED })).toBe(fault);
});
