import { expect, test } from 'vitest';
import { BUNDLED, RECOMMENDED, UNKNOWN_MODEL } from '../../catalog/models.ts';
import { AXIS_KINDS, settingOfAxis } from '../../experiments/axes.ts';
import { requestWith } from '../../protocol/samples/sample-request.ts';
import { settingOf } from '../../protocol/settings.ts';
import { type AxisDraft, fillDraft, freshDraft, isChosen, nineValues, readDraft } from './axis-draft.ts';

const cardOf = (id: string) => BUNDLED[id] ?? RECOMMENDED.find((model) => model.id === id) ?? UNKNOWN_MODEL;
const usualOf = (model: string, change = {}) => ({
  base: requestWith({ model, ...change }),
  card: cardOf(model),
});
const read = (draft: AxisDraft, model = 'trinket', change = {}) =>
  readDraft(fillDraft(draft, usualOf(model, change)));

test.each(AXIS_KINDS.filter((kind) => kind !== 'prompt'))('a fresh axis of %s has values', (kind) => {
  const { values, fault } = read(freshDraft(kind));
  expect(fault).toBeNull();
  const name = settingOfAxis(kind);
  if (name === null || settingOf(name).kind !== 'choice') return;
  expect(settingOf(name)).toMatchObject({ choices: expect.arrayContaining([...(values ?? [])]) });
});

test('strengths of what steers go from 0 to 2', () => {
  const typed = (text: string) => read({ ...freshDraft('controlScale'), text });
  expect(read(freshDraft('controlScale')).values).toEqual([0, 0.5, 1]);
  expect(typed('0-2 [5]').values).toEqual([0, 0.5, 1, 1.5, 2]);
  expect(typed('1, 3').fault).toEqual({ kind: 'out-of-range', min: 0, max: 2, value: 3 });
});

test('samplers, schedules and models are ticked, all else is typed', () => {
  expect(AXIS_KINDS.filter(isChosen)).toEqual(['model', 'scheduler', 'schedule']);
});

// Round what each model is used with: Trinket overpaints at 8 (docs/trinket.md), SD-Turbo was distilled without guidance.
test.each([
  ['trinket', [1, 1.75, 2.5, 3.75, 5]],
  ['stable-diffusion-v1-5/stable-diffusion-v1-5', [1, 4.25, 7.5, 11.25, 15]],
  ['stabilityai/stable-diffusion-xl-base-1.0', [1, 3, 5, 7.5, 10]],
  ['stabilityai/sd-turbo', [1, 1.5, 2, 2.5, 3]],
] as const)('guidance of %s is tried round its own', (model, values) => {
  expect(read(freshDraft('guidanceScale'), model).values).toEqual(values);
  const { defaults } = cardOf(model);
  const nine = nineValues('guidanceScale', 0, defaults).values;
  expect(nine).toHaveLength(9);
  expect(nine).toEqual(expect.arrayContaining([values[0], values[2], values[4]]));
});

test('the usual values follow the model until something is typed', () => {
  expect(read(freshDraft('numInferenceSteps'), 'stabilityai/sd-turbo').values).toEqual([1, 2, 3, 4]);
  expect(read(freshDraft('numInferenceSteps')).values).toEqual([5, 10, 15, 20, 25]);
  const typed = { ...freshDraft('guidanceScale'), text: '7' };
  expect(read(typed, 'trinket').values).toEqual([7]);
  expect(read(typed, 'stabilityai/sd-turbo').values).toEqual([7]);
});

test('samplers that are ticked at first suit the model, and the form’s own is one of them', () => {
  const ticked = (model: string, scheduler: string) =>
    read(freshDraft('scheduler'), model, { scheduler }).values;
  expect(ticked('trinket', 'heun')).toEqual(['heun', 'dpmpp-2m-karras', 'euler', 'euler-ancestral']);
  expect(ticked('SimianLuo/LCM_Dreamshaper_v7', 'lcm')).toContain('lcm');
  expect(ticked('SimianLuo/LCM_Dreamshaper_v7', 'lcm')).not.toContain('dpmpp-2m-karras');
});
