import type { Rect } from '../protocol/placement.ts';
import type { Plane } from './gaussian-blur.ts';
import type { Picture } from './picture.ts';

/** The rows and columns at the window's edges go on to those of the canvas: `fill` of diffusers' VaeImageProcessor. */
export function replicateEdges({ width, height, rgba }: Picture, window: Rect): Picture {
  const pixels = new Uint32Array(rgba.buffer, rgba.byteOffset, width * height);
  const result = new Uint32Array(width * height);
  const across = within(window.x, window.width);
  const down = within(window.y, window.height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) result[y * width + x] = pixels[down(y) * width + across(x)] as number;
  return { width, height, rgba: new Uint8ClampedArray(result.buffer) };
}

const within = (start: number, length: number) => (value: number) =>
  Math.min(Math.max(value, start), start + length - 1);

/** How far into the picture what is added reaches: one latent pixel, so that the seam is the model's too. */
const OVERLAP = 8;

/** The mask with all outside of the window white, and a little inside where the window does not end with the canvas. */
export function markBorder({ width, height, data }: Plane, window: Rect): Plane {
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
