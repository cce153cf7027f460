import type { Rect } from '../protocol/placement.ts';
import type { GreyPicture, Picture } from './picture.ts';

/** Continues the pixels at the window's edges out to the edges of the canvas (`fill` of diffusers' VaeImageProcessor). */
export function replicateEdges({ width, height, rgba }: Picture, window: Rect): Picture {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const result = new Uint32Array(width * height);
  const column = clampTo(window.x, window.width);
  const row = clampTo(window.y, window.height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) result[y * width + x] = pixels[row(y) * width + column(x)] as number;
  return { width, height, rgba: new Uint8ClampedArray(result.buffer) };
}

const clampTo = (start: number, length: number) => (value: number) =>
  Math.min(Math.max(value, start), start + length - 1);

/** How many pixels of the picture beside an added border are painted too: one latent pixel, so that the model blends them. */
const OVERLAP = 8;

/** Makes the mask white outside of the window, and `OVERLAP` pixels into it on the sides where the canvas goes on. */
export function markBorder({ width, height, data }: GreyPicture, window: Rect): GreyPicture {
  const left = window.x > 0 ? window.x + OVERLAP : 0;
  const top = window.y > 0 ? window.y + OVERLAP : 0;
  const right = window.x + window.width < width ? window.x + window.width - OVERLAP : width;
  const bottom = window.y + window.height < height ? window.y + window.height - OVERLAP : height;
  const marked = data.map((value, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return x >= left && x < right && y >= top && y < bottom ? value : 255;
  });
  return { width, height, data: marked };
}
