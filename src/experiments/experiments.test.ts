import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ControlLayer, PicturePrompt } from '../protocol/control.ts';
import type { GenerationRequest } from '../protocol/generation.ts';
import { INIT_IMAGE_DEFAULTS } from '../protocol/init-image.ts';
import { requestWith } from '../protocol/samples/sample-request.ts';
import { AXIS_KINDS, type Axes, type AxisKind, axesFault, cellRequest, countCells } from './axes.ts';
import { runOrder } from './run-order.ts';

const BASE = requestWith({
  prompt: 'a red cat beside a cat',
  negativePrompt: 'no cat',
  width: 128,
  numInferenceSteps: 4,
  numImages: 5,
  filmstrip: true,
});
const image = { ...INIT_IMAGE_DEFAULTS, file: new Blob(), fit: 'crop', strength: 0.5 } as const;

const LAYERS = [1, 0.3].map((scale): ControlLayer => {
  const map = new Blob(['map']);
  return {
    model: 'c',
    map,
    preprocessor: 'canny',
    controlMode: null,
    scale,
    start: 0,
    end: 1,
    isGuess: false,
  };
});
const PROMPTS: readonly PicturePrompt[] = [
  { adapter: 'i', pictures: [new Blob(['picture'])], scale: 1, parts: 'all' },
];

test('the strength of what steers needs something that does', () => {
  const axes: Axes = [{ kind: 'controlScale', values: [0, 1] }];
  expect(axesFault(BASE, axes)).toEqual({ kind: 'no-layers' });
  expect(axesFault({ ...BASE, controls: LAYERS }, axes)).toBeNull();
  const ofPrompts: Axes = [{ kind: 'picturePromptScale', values: [0, 1] }];
  expect(axesFault(BASE, ofPrompts)).toEqual({ kind: 'no-picture-prompts' });
  expect(axesFault({ ...BASE, picturePrompts: PROMPTS }, ofPrompts)).toBeNull();
});

test('each axis changes its own setting and no other', () => {
  const base = { ...BASE, scheduler: 'euler', image, controls: LAYERS, picturePrompts: PROMPTS } as const;
  const one = { ...base, numImages: 1, filmstrip: false };
  const cases: [AxisKind, string | number, Partial<GenerationRequest>][] = [
    ['guidanceScale', 0, { guidanceScale: 0 }],
    ['numInferenceSteps', 9, { numInferenceSteps: 9 }],
    ['scheduler', 'ddim', { scheduler: 'ddim' }],
    ['schedule', 'beta', { schedule: 'beta' }],
    ['seed', 7, { seed: 7 }],
    ['strength', 0.75, { image: { ...image, strength: 0.75 } }],
    ['clipSkip', 1, { clipSkip: 1 }],
    ['eta', 1, { eta: 1 }],
    ['cacheInterval', 3, { cacheInterval: 3 }],
    ['cacheBranchId', 2, { cacheBranchId: 2 }],
    ['gateStep', 5, { gateStep: 5 }],
    ['guidanceRescale', 0.7, { guidanceRescale: 0.7 }],
    ['size', '64x96', { width: 64, height: 96 }],
    ['controlScale', 0.5, { controls: LAYERS.map((layer) => ({ ...layer, scale: 0.5 })) }],
    ['picturePromptScale', 0, { picturePrompts: PROMPTS.map((prompt) => ({ ...prompt, scale: 0 })) }],
    ['model', 'owner/name', { model: 'owner/name' }],
  ];
  const covered = [...cases.map(([kind]) => kind), 'prompt'];
  expect(covered.toSorted()).toEqual(AXIS_KINDS.toSorted());
  for (const [kind, value, change] of cases)
    expect(cellRequest(base, [{ kind, values: [value] }], 0), kind).toEqual({ ...one, ...change });
});

test('a sampler that follows no schedule but its own is given none', () => {
  const base = { ...BASE, schedule: 'karras' } as const;
  const axes: Axes = [{ kind: 'scheduler', values: ['euler', 'ddim'] }];
  expect([0, 1].map((cell) => cellRequest(base, axes, cell).schedule)).toEqual(['karras', null]);
});

test('components chosen for one model are not used with another', () => {
  const base = { ...BASE, vae: 'owner/vae', bits: 8 } as const;
  const axes: Axes = [{ kind: 'model', values: ['trinket', 'owner/name'] }];
  expect(cellRequest(base, axes, 0)).toMatchObject({ model: 'trinket', vae: 'owner/vae', bits: 8 });
  expect(cellRequest(base, axes, 1)).toMatchObject({ model: 'owner/name', vae: null, bits: null });
});

test('words are replaced everywhere in both prompts, exactly as written', () => {
  const axes: Axes = [{ kind: 'prompt', values: ['cat', "$&'s dog", ''] }];
  const texts = [0, 1, 2].map((cell) => {
    const { prompt, negativePrompt } = cellRequest(BASE, axes, cell);
    return [prompt, negativePrompt];
  });
  expect(texts).toEqual([
    ['a red cat beside a cat', 'no cat'],
    ["a red $&'s dog beside a $&'s dog", "no $&'s dog"],
    ['a red  beside a ', 'no '],
  ]);
});

test('with two axes, the columns change first', () => {
  const axes: Axes = [
    { kind: 'guidanceScale', values: [1, 7.5, 20] },
    { kind: 'seed', values: [3, 4] },
  ];
  const cells = Array.from({ length: countCells(axes) }, (_, cell) => cellRequest(BASE, axes, cell));
  expect(cells.map(({ guidanceScale, seed }) => [guidanceScale, seed])).toEqual([
    ...[1, 7.5, 20].map((guidance) => [guidance, 3]),
    ...[1, 7.5, 20].map((guidance) => [guidance, 4]),
  ]);
});

test('axes that make no experiment are refused with a reason', () => {
  const guidance = { kind: 'guidanceScale', values: [1, 2] } as const;
  expect(axesFault(BASE, [guidance])).toBeNull();
  expect(axesFault(BASE, [guidance, guidance])).toEqual({ kind: 'same-twice', axis: 'guidanceScale' });
  expect(axesFault(BASE, [{ kind: 'prompt', values: ['dog', 'cow'] }])).toEqual({
    kind: 'nothing-to-replace',
    term: 'dog',
  });
  expect(axesFault(BASE, [{ kind: 'strength', values: [1] }])).toEqual({ kind: 'no-picture' });
  expect(axesFault({ ...BASE, image }, [{ kind: 'strength', values: [1] }])).toBeNull();
  const many = Array.from({ length: 21 }, (_, i) => i);
  const seeds = { kind: 'seed', values: many } as const;
  expect(axesFault(BASE, [{ kind: 'numInferenceSteps', values: many }, seeds])).toEqual({
    kind: 'too-many-pictures',
    count: 441,
    most: 400,
  });
});

const requests = fc.array(
  fc.record({
    model: fc.constantFrom('a', 'b', 'c'),
    guidanceScale: fc.constantFrom(0, 1, 5, 9),
    prompt: fc.constantFrom('x', 'y', 'z'),
    width: fc.constantFrom(64, 128),
    seed: fc.nat(3),
  }),
  { maxLength: 40 },
);

test('the order runs each request once, opens each model once, and changes UNet and texts as rarely as possible', () => {
  const changes = (keys: readonly string[]) => keys.filter((key, i) => key !== keys[i - 1]).length;
  fc.assert(
    fc.property(requests, (partial) => {
      const all = partial.map((part) => ({ ...BASE, ...part }));
      const order = runOrder(all);
      expect(order.toSorted((a, b) => a - b)).toEqual(all.map((_, i) => i));
      const ordered = order.map((i) => all[i] as GenerationRequest);
      const keys: ((r: GenerationRequest) => string)[] = [
        (r) => r.model,
        (r) => `${r.model} ${r.width}`,
        (r) => `${r.model} ${r.width} ${r.guidanceScale <= 1}`,
        (r) => `${r.model} ${r.width} ${r.guidanceScale <= 1} ${r.prompt}`,
      ];
      for (const key of keys) expect(changes(ordered.map(key))).toBe(new Set(all.map(key)).size);
    }),
  );
});

test('DeepCache’s intervals share what is opened, and are not changed for none after each of them', () => {
  const grid = [4, 5].flatMap((seed) => [1, 2, 5].map((cacheInterval) => ({ ...BASE, seed, cacheInterval })));
  const ran = runOrder(grid).map((i) => grid[i]?.cacheInterval);
  expect(ran).toEqual([1, 1, 2, 5, 2, 5]);
  const gates = [0, 5, 10, 0].map((gateStep) => ({ ...BASE, gateStep }));
  expect(runOrder(gates)).toEqual([0, 3, 1, 2]);
});

test('requests that are equally slow stay in the order of the grid', () => {
  const seeds = [5, 3, 9].map((seed) => ({ ...BASE, seed }));
  expect(runOrder(seeds)).toEqual([0, 1, 2]);
});
