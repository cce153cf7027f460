import { expect, test } from 'vitest';
import { inTurnOf, planEvaluations, waysOf } from './evaluations.ts';

const ALL = Array<boolean>(12).fill(true);
const parts = (guided: readonly boolean[], settings: object, uncounted = 0) =>
  planEvaluations(guided, { cacheInterval: 1, cacheBranchId: 0, gateStep: 0, ...settings }, uncounted).map(
    ({ texts, reuse }) => `${texts} ${reuse?.part ?? ''}`.trim(),
  );

test('without either setting every evaluation is its own', () => {
  expect(parts([true, false], {})).toEqual(['both', 'prompt']);
});

test('DeepCache: every third evaluation is whole, counted, and each where guidance sets in or ends', () => {
  const [whole, shallow] = ['both whole', 'both shallow'];
  expect(parts(ALL.slice(0, 5), { cacheInterval: 3 })).toEqual([whole, shallow, shallow, whole, shallow]);
  const guided = [false, true, true, false, false];
  expect(parts(guided, { cacheInterval: 5 })).toEqual([
    ...['prompt whole', whole, shallow, 'prompt whole', 'prompt shallow'],
  ]);
});

test('T-GATE: self-attention is taken over at 3, 4, 6, 7 and 8, and past the gate one text is left, as in tgate 1.0.0', () => {
  const planned = parts(ALL, { gateStep: 10 });
  const at = (part: string) => planned.flatMap((is, i) => (is === part ? [i] : []));
  expect(at('both self')).toEqual([3, 4, 6, 7, 8]);
  expect(at('both store')).toEqual([0, 1, 2, 5, 9]);
  expect(at('negative cross')).toEqual([10, 11]);
  // PNDM's first evaluation is not counted.
  expect(parts(ALL, { gateStep: 10 }, 1).indexOf('negative cross')).toBe(11);
  // Without guidance, where the package fails, the prompt goes on alone.
  expect(parts(ALL.fill(false, 0), { gateStep: 10 }).slice(-1)).toEqual(['prompt cross']);
});

test('each way of evaluating is opened once, and both halves are kept apart where they go in turn', () => {
  const guided = Array<boolean>(12).fill(true);
  const evaluations = planEvaluations(guided, { cacheInterval: 1, cacheBranchId: 0, gateStep: 10 }, 0);
  const ways = (together: boolean) =>
    waysOf(together ? evaluations : inTurnOf(evaluations), together).map(
      ({ texts, reuse }) => `${texts} ${reuse.part}`,
    );
  expect(ways(true)).toEqual(['2 store', '2 self', '1 cross']);
  expect(ways(false)).toEqual(['1 store', '1 self', '1 cross-halves']);
});
