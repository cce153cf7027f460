import { expect, test } from 'vitest';
import { SDXL_SIZES } from '../../catalog/samples/sdxl-sizes.ts';
import { shapesOf } from '../../catalog/shapes.ts';
import { parseSizes } from '../../experiments/values.ts';
import { readParameters } from '../../metadata/a1111/read-parameters.ts';
import { SETTINGS } from '../../protocol/settings.ts';
import { freshFields } from './fields.ts';
import { offerOf } from './offered-settings.ts';
import { createSettingsStore } from './settings-store.ts';
import { readHash, writeHash } from './url.ts';

const storage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
const open = () =>
  createSettingsStore(
    () => 1,
    () => storage,
  ).getState();
const form = { fields: freshFields(1), installed: [], tokens: [], wildcards: {} };

test.each(
  SDXL_SIZES,
)('SDXL’s %d × %d: from the form, a link, a picture and an experiment', (width, height) => {
  const typed = open();
  typed.set('width', String(width));
  typed.set('height', String(height));
  expect(typed.submit()).toMatchObject({ width, height });

  const followed = open();
  const link = readHash(`width=${width}&height=${height}`);
  expect(link.refused).toEqual([]);
  followed.apply(link);
  expect(followed.submit()).toMatchObject({ width, height });
  expect(readHash(writeHash({ ...form.fields, ...link.fields })).fields).toMatchObject(link.fields);

  const text = `a fox\nSteps: 25, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: ${width}x${height}, Version: v1.10.1`;
  const { fields, notes } = offerOf(
    readParameters(text) as NonNullable<ReturnType<typeof readParameters>>,
    form,
  );
  expect(fields).toMatchObject({ width: String(width), height: String(height) });
  expect(notes.filter(({ kind }) => kind === 'refused')).toEqual([]);

  const value = `${width}x${height}`;
  expect(parseSizes(value, SETTINGS.width)).toEqual({ values: [value], fault: null });
});

test('SDXL is offered these shapes, and no others', () => {
  const shapes = shapesOf({ width: 1024, height: 1024 });
  expect(shapes.map(({ width, height }) => [width, height])).toEqual(SDXL_SIZES.map((size) => [...size]));
});
