import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EMPTY_MASK } from './mask.ts';
import {
  addStroke,
  change,
  extendStroke,
  type MaskHistory,
  redo,
  unchanged,
  undo,
  withdrawn,
} from './mask-history.ts';

const STROKE = { points: [0.5, 0.5], radius: 0.1, softness: 0, erases: false };
const EDITS: readonly ((history: MaskHistory) => MaskHistory)[] = [
  (history) => addStroke(history, STROKE),
  (history) => change(history, { ...history.now, isInverted: !history.now.isInverted }),
  (history) => change(history, EMPTY_MASK),
];
const edits = fc.array(fc.constantFrom(...EDITS), { maxLength: 12 });
const apply = (all: readonly ((history: MaskHistory) => MaskHistory)[], from: MaskHistory) =>
  all.reduce((history, edit) => edit(history), from);

test('undoing every change ends at the beginning, and redoing every change brings all back', () => {
  fc.assert(
    fc.property(edits, (all) => {
      const done = apply(all, unchanged(EMPTY_MASK));
      const undone = apply(
        all.map(() => undo),
        done,
      );
      expect(undone.now).toEqual(EMPTY_MASK);
      expect(
        apply(
          all.map(() => redo),
          undone,
        ),
      ).toEqual(done);
      expect(undo(undone)).toBe(undone);
      expect(redo(done)).toBe(done);
    }),
  );
});

test('drawing a stroke is one change, and after a new change nothing can be redone', () => {
  const drawn = extendStroke(addStroke(unchanged(EMPTY_MASK), STROKE), 0.6, 0.7);
  expect(drawn.now.strokes[0]?.points).toEqual([0.5, 0.5, 0.6, 0.7]);
  const undone = undo(drawn);
  expect(undone.now.strokes).toEqual([]);
  expect(addStroke(undone, STROKE).future).toEqual([]);
});

test('a stroke that was withdrawn cannot be redone', () => {
  const before = addStroke(unchanged(EMPTY_MASK), STROKE);
  expect(withdrawn(extendStroke(addStroke(before, STROKE), 0.6, 0.7))).toEqual(before);
});
