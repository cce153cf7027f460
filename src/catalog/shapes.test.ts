import { expect, test } from 'vitest';
import { RECOMMENDED } from './models.ts';
import { SDXL_SIZES } from './samples/sdxl-sizes.ts';
import { shapesOf, trainedShapes } from './shapes.ts';

const asPairs = (shapes: ReturnType<typeof shapesOf>) => shapes.map(({ width, height }) => [width, height]);

test('other models are offered shapes of about as many pixels as their own', () => {
  expect(asPairs(shapesOf({ width: 128, height: 128 }))).toEqual([
    ...[
      [128, 128],
      [144, 112],
      [112, 144],
      [160, 104],
      [104, 160],
      [168, 96],
      [96, 168],
    ],
  ]);
  expect(asPairs(shapesOf({ width: 512, height: 512 }))).toEqual([
    ...[
      [512, 512],
      [576, 448],
      [448, 576],
      [640, 448],
      [448, 640],
      [704, 384],
      [384, 704],
    ],
  ]);
  expect(trainedShapes({ width: 512, height: 512 })).toEqual([{ width: 512, height: 512 }]);
});

test('SDXL is offered the sizes it was trained at, and their turned forms', () => {
  const shapes = asPairs(shapesOf({ width: 1024, height: 1024 }));
  expect(shapes).toEqual(SDXL_SIZES);
  expect(shapes.map(([width, height]) => [height, width]).sort()).toEqual(shapes.toSorted());
});

test.each(
  RECOMMENDED.map(({ label, defaults }) => [label, defaults] as const),
)('%s: every shape can be asked for, once', (_, usual) => {
  const shapes = shapesOf(usual);
  for (const { width, height } of shapes) {
    expect([width % 8, height % 8]).toEqual([0, 0]);
    expect((width * height) / (usual.width * usual.height)).toBeCloseTo(1, 0);
  }
  expect(new Set(asPairs(shapes).map(String)).size).toBe(shapes.length);
});
