import type { GenerationDefaults } from './models.ts';

/** The size of a picture in pixels. */
export type Shape = Pick<GenerationDefaults, 'width' | 'height'>;

/** The sizes that SDXL was trained at and that Stability AI gives for it (`text-to-image` of its REST API), wide and tall. */
const ONE_MEGAPIXEL: readonly Shape[] = [
  [1024, 1024],
  [1152, 896],
  [1216, 832],
  [1344, 768],
  [1536, 640],
].flatMap(([long = 0, short = 0]) => [
  { width: long, height: short },
  ...(long === short ? [] : [{ width: short, height: long }]),
]);

/** Width over height, of what is wider than tall. */
const RATIOS = [4 / 3, 3 / 2, 16 / 9];
/** Pixels: a multiple that models of this side, or larger ones, are trained at. */
const COARSE = { side: 256, step: 64 };
const FINE = 8;

/** The sizes that a model was trained at, so far as that is known: its usual one, and SDXL's. */
export const trainedShapes = ({ width, height }: Shape): readonly Shape[] =>
  width === 1024 && height === 1024 ? ONE_MEGAPIXEL : [{ width, height }];

/** The shapes that are offered for a model: those it was trained at, else others of about as many pixels. */
export function shapesOf(usual: Shape): readonly Shape[] {
  const trained = trainedShapes(usual);
  if (trained.length > 1) return trained;
  const side = Math.sqrt(usual.width * usual.height);
  const step = side >= COARSE.side ? COARSE.step : FINE;
  const rounded = (pixels: number) => Math.max(step, Math.round(pixels / step) * step);
  const others = RATIOS.flatMap((ratio) => {
    const [long, short] = [rounded(side * Math.sqrt(ratio)), rounded(side / Math.sqrt(ratio))];
    return [
      { width: long, height: short },
      { width: short, height: long },
    ];
  });
  const known = new Set<string>();
  return [...trained, ...others].filter((shape) => {
    const name = nameOf(shape);
    return !known.has(name) && known.add(name);
  });
}

const nameOf = ({ width, height }: Shape) => `${width}x${height}`;
