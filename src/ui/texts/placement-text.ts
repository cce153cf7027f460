import { SIDES } from '../create/start-image/extend-border.ts';
import type { PlacedOnCanvas } from '../create/start-image/use-placement.ts';
import type { Texts } from './en.ts';

type Words = Texts['startImage'];

/** How large the picture is, what of it is used, and what is cut off or added, in a line or two. */
export function placementText(
  texts: Words,
  { file, canvas, placement: { whole, window } }: Omit<PlacedOnCanvas, 'room'>,
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

/** “12 left, 12 right”, of the pixels left, top, right and bottom; empty when there is nothing on any side. */
function sides({ onSide }: Words, ...sides: readonly [number, number, number, number]): string {
  const pixels = sides.map(Math.round);
  return SIDES.flatMap((side, i) =>
    (pixels[i] as number) > 0 ? [onSide[side](pixels[i] as number)] : [],
  ).join(', ');
}
