import type { Border, Placement, Size } from '../../protocol/placement.ts';
import type { Texts } from './en.ts';

export type Side = keyof Border;
/** The sides in the order in which they are named. */
export const SIDES = ['left', 'top', 'right', 'bottom'] as const satisfies readonly Side[];

/** A picture on a canvas. */
export interface PictureOnCanvas {
  /** The size in its file. */
  readonly file: Size;
  readonly canvas: Size;
  readonly placement: Placement;
}

type Words = Texts['startImage'];

/** How large the picture is, and what is cut off or to be painted, in a line or two. */
export function placementText(
  texts: Words,
  { file, canvas, placement: { whole, window } }: PictureOnCanvas,
): string {
  const [x, y] = [file.width / whole.width, file.height / whole.height];
  const cut = sides(
    texts,
    (window.x - whole.x) * x,
    (window.y - whole.y) * y,
    (whole.x + whole.width - window.x - window.width) * x,
    (whole.y + whole.height - window.y - window.height) * y,
  );
  const added = sides(
    texts,
    window.x,
    window.y,
    canvas.width - window.x - window.width,
    canvas.height - window.y - window.height,
  );
  const isStretched = Math.abs(x / y - 1) >= 0.01;
  const here = { width: Math.round(window.width), height: Math.round(window.height) };
  return [
    isStretched ? texts.sizesStretched(file, here) : texts.sizes(file, here),
    cut && texts.cutOff(cut),
    added && texts.toPaint(added),
  ]
    .filter(Boolean)
    .join(' ');
}

/** “12 left, 12 right”, of the pixels left, top, right and bottom; empty where all are 0. */
function sides({ onSide }: Words, ...sides: readonly [number, number, number, number]): string {
  const pixels = sides.map(Math.round);
  return SIDES.flatMap((side, i) =>
    (pixels[i] as number) > 0 ? [onSide[side](pixels[i] as number)] : [],
  ).join(', ');
}
