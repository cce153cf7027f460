import { expect, test } from 'vitest';
import type { Line } from '../../storage/stored-drawing.ts';
import { type Paintable, paintEnd, paintLine, paintMark } from './paint-mark.ts';

/** A canvas that notes what is done to it. */
function recorder() {
  const done: string[] = [];
  const context = new Proxy({} as Paintable, {
    get:
      (_, name) =>
      (...values: unknown[]) =>
        done.push(`${String(name)}(${values.join()})`),
    set: (_, name, value) => done.push(`${String(name)}=${value}`) > 0,
  });
  return { done, context };
}
const strokes = (done: readonly string[]) => done.filter((one) => !one.includes('='));

const POINTS = [10, 10, 8, 20, 12, 8, 30, 40, 10, 60, 41, 4, 60, 50, 4];
const line = (points: readonly number[] = POINTS): Line => ({ kind: 'line', points, colour: '#3f7fd1' });

test('a line that is drawn point by point has the pixels of one that is painted at once', () => {
  const [whole, drawn] = [recorder(), recorder()];
  paintMark(whole.context, line(), { width: 64, height: 64 }, new Map());
  for (const [from, to] of [
    [0, 1],
    [1, 3],
    [3, 4],
    [4, 5],
  ] as const)
    paintLine(drawn.context, line(POINTS.slice(0, 3 * to)), from);
  paintEnd(drawn.context, line());
  expect(strokes(drawn.done)).toEqual(strokes(whole.done));
});

test('a single point is a dab as wide as the brush, in its colour', () => {
  const { done, context } = recorder();
  paintMark(context, line([10, 12, 8]), { width: 64, height: 64 }, new Map());
  expect(done).toContain('fillStyle=#3f7fd1');
  expect(strokes(done)).toEqual(['beginPath()', `arc(10,12,4,0,${2 * Math.PI})`, 'fill()']);
});

test('the width follows the pen’s pressure', () => {
  const { done, context } = recorder();
  paintMark(context, line([0, 0, 8, 10, 0, 4, 20, 0, 2]), { width: 64, height: 64 }, new Map());
  expect(done.filter((one) => one.startsWith('lineWidth='))).toEqual([
    'lineWidth=8',
    'lineWidth=4',
    'lineWidth=2',
  ]);
});
