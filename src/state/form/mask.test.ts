import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Stroke } from '../../storage/stroke.ts';
import { dabs, drawMask, EMPTY_MASK, isEmpty } from './mask.ts';

const stroke = (change: Partial<Stroke> = {}): Stroke => ({
  points: [0.5, 0.5],
  radius: 0.1,
  softness: 0,
  erases: false,
  ...change,
});

test('dabs begin and end with their stroke, and are no further apart than a fraction of its radius', () => {
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { minLength: 1, maxLength: 8 }), (points) => {
      const made = dabs(stroke({ points: points.flat() }), 1);
      expect(made[0]).toEqual(points[0]);
      const [endX, endY] = made.at(-1) as [number, number];
      expect(Math.hypot(endX - (points.at(-1)?.[0] ?? 0), endY - (points.at(-1)?.[1] ?? 0))).toBeLessThan(
        1e-9,
      );
      for (const [i, [x, y]] of made.slice(1).entries()) {
        const [fromX, fromY] = made[i] as [number, number];
        expect(Math.hypot(x - fromX, y - fromY)).toBeLessThanOrEqual(0.1 / 4 + 1e-9);
      }
    }),
  );
});

const GROUND = {
  canvas: { width: 10, height: 10 },
  whole: { x: 0, y: 0, width: 10, height: 10 },
  ratio: 1,
};

/** A context that writes down what is filled with what, and how. */
function recorder() {
  const seen: string[] = [];
  const context = {
    fillStyle: '' as unknown,
    globalCompositeOperation: 'source-over',
    fillRect: () => void seen.push(`all ${context.fillStyle}`),
    createRadialGradient: () => ({ addColorStop: () => {} }),
    beginPath: () => {},
    setTransform: () => {},
    arc: () => {},
    drawImage: (picture: unknown) => void seen.push(`${context.globalCompositeOperation} ${picture}`),
    fill: () => void seen.push(`${context.globalCompositeOperation} ${context.fillStyle}`),
  };
  return { seen, context: context as unknown as Parameters<typeof drawMask>[0] };
}

test('strokes are white, an eraser makes them black again, and an inverted mask is the reverse', () => {
  const strokes = [stroke(), stroke({ erases: true })];
  const plain = recorder();
  drawMask(plain.context, { ...EMPTY_MASK, strokes }, null, GROUND);
  expect(plain.seen).toEqual(['all rgb(0 0 0)', 'lighten rgb(255 255 255)', 'darken rgb(0 0 0)']);
  const inverted = recorder();
  drawMask(inverted.context, { strokes, isInverted: true }, null, GROUND);
  expect(inverted.seen).toEqual(['all rgb(255 255 255)', 'darken rgb(0 0 0)', 'lighten rgb(255 255 255)']);
});

const picture = { file: new Blob(), at: { x: 0, y: 0, width: 1, height: 1 } };

test('the picture of a mask lies under its strokes and is inverted with them', () => {
  const bitmap = 'the picture' as unknown as ImageBitmap;
  const mask = { picture, strokes: [stroke()], isInverted: false };
  const plain = recorder();
  drawMask(plain.context, mask, bitmap, GROUND);
  expect(plain.seen).toEqual(['all rgb(0 0 0)', 'difference the picture', 'lighten rgb(255 255 255)']);
  const inverted = recorder();
  drawMask(inverted.context, { ...mask, isInverted: true }, bitmap, GROUND);
  expect(inverted.seen).toEqual(['all rgb(255 255 255)', 'difference the picture', 'darken rgb(0 0 0)']);
});

test('only a mask without marks is empty', () => {
  expect(isEmpty(EMPTY_MASK)).toBe(true);
  expect(isEmpty({ ...EMPTY_MASK, isInverted: true })).toBe(false);
  expect(isEmpty({ ...EMPTY_MASK, strokes: [stroke()] })).toBe(false);
  expect(isEmpty({ ...EMPTY_MASK, picture })).toBe(false);
});
