import { expect, test } from 'vitest';
import type { ControlFile } from '../loaders/control/control-file.ts';
import { type Control, controlScales } from './controls.ts';

const control = (start: number, end: number): Control => ({
  file: {} as ControlFile,
  map: { width: 1, height: 1, rgba: new Uint8ClampedArray(4) },
  scale: 0.5,
  start,
  end,
  isGuess: false,
  mode: null,
});
/** The evaluations in which it counts. */
const kept = (start: number, end: number, n: number) =>
  Array.from({ length: n }, (_, i) => i).filter((i) => controlScales([control(start, end)], i, n)[0] !== 0);

// As diffusers 0.42.1's StableDiffusionControlNetPipeline has it.
test('a control counts from the start of its part, and to the last evaluation that lies wholly within it', () => {
  expect(kept(0, 1, 3)).toEqual([0, 1, 2]);
  expect(kept(0, 0.33, 3)).toEqual([]);
  expect(kept(0, 0.34, 3)).toEqual([0]);
  expect(kept(0.25, 1, 10)).toEqual([3, 4, 5, 6, 7, 8, 9]);
  expect(kept(0, 0.55, 10)).toEqual([0, 1, 2, 3, 4]);
});

test('each control has a part and a strength of its own', () => {
  expect(controlScales([control(0, 1), { ...control(0.5, 1), scale: 2 }], 0, 4)).toEqual([0.5, 0]);
  expect(controlScales([control(0, 1), { ...control(0.5, 1), scale: 2 }], 2, 4)).toEqual([0.5, 2]);
});
