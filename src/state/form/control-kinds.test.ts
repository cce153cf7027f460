import { expect, test } from 'vitest';
import type { ControlFacts } from '../../protocol/control-facts.ts';
import { controlKinds, kindOf, withModel } from './control-kinds.ts';

const CANNY: ControlFacts = { kind: 'ControlNet', base: 'sd1', purpose: 'canny', controlModes: 0 };
const UNION: ControlFacts = { kind: 'ControlNet Union', base: 'sdxl', purpose: null, controlModes: 6 };
const FRESH = { model: null, preprocessor: 'none', controlMode: null } as const;

test('a model whose name tells what it reads has that one kind', () => {
  expect(controlKinds(CANNY)).toEqual([{ purpose: 'canny', preprocessor: 'canny', controlMode: null }]);
  expect(controlKinds({ ...CANNY, purpose: 'openpose' })).toMatchObject([{ preprocessor: 'none' }]);
  expect(controlKinds({ ...CANNY, purpose: null })).toEqual([]);
  expect(controlKinds(undefined)).toEqual([]);
});

test('a Union has as many modes as its configuration says, each with its kinds', () => {
  // xinsir's controlnet-union-sdxl-1.0: 0 openpose, 1 depth, 2 hed/pidi/scribble/ted, 3 canny/lineart/anime_lineart/mlsd, 4 normal, 5 segment.
  const modes = controlKinds(UNION).map(({ purpose, controlMode }) => `${controlMode} ${purpose}`);
  expect(modes).toEqual([
    ...['0 openpose', '1 depth', '2 softedge', '2 scribble', '3 canny', '3 lineart', '3 mlsd'],
    ...['4 normal', '5 seg'],
  ]);
  const scribble = { preprocessor: 'scribble', controlMode: 2 } as const;
  expect(kindOf(scribble, controlKinds(UNION))).toMatchObject({ purpose: 'scribble' });
  expect(kindOf({ ...scribble, preprocessor: 'none' }, controlKinds(UNION))).toMatchObject({
    controlMode: 2,
  });
});

test('a Union’s layer that does not say its mode, or one that it has not, has no kind', () => {
  const kinds = controlKinds(UNION);
  expect(kindOf({ preprocessor: 'canny', controlMode: null }, kinds)).toBeUndefined();
  expect(kindOf({ preprocessor: 'canny', controlMode: 7 }, kinds)).toBeUndefined();
  expect(kindOf({ preprocessor: 'none', controlMode: 3 }, controlKinds(CANNY))).toMatchObject({
    purpose: 'canny',
  });
});

test('a model that is chosen brings its kind of map', () => {
  expect(withModel(FRESH, 'canny', CANNY)).toEqual({
    model: 'canny',
    preprocessor: 'canny',
    controlMode: null,
  });
  expect(withModel({ ...FRESH, model: 'other', preprocessor: 'depth' }, 'u', UNION)).toEqual({
    model: 'u',
    preprocessor: 'depth',
    controlMode: 1,
  });
});

test('a picture that was said to be a map stays one under another model; one that nothing could be made of does not', () => {
  const ready = { model: 'other', preprocessor: 'none', controlMode: null } as const;
  const [lines, pose] = (['lineart', 'openpose'] as const).map((purpose) => ({ ...CANNY, purpose }));
  expect(withModel(ready, 'canny', CANNY, lines)).toMatchObject({ preprocessor: 'none' });
  expect(withModel(ready, 'canny', CANNY, pose)).toMatchObject({ preprocessor: 'canny' });
});
