import type { Plane } from './gaussian-filter.ts';
import type { GreyPicture, Picture } from './picture.ts';

/** Of a normal's length: how far it points out of a picture that is flat there. ControlNet's annotator for MiDaS has the same. */
const HEIGHT = 2 * Math.PI;
/** Of the depth, 0 … 1: what is farther is background, and has no slopes. The annotator's. */
const BACKGROUND = 0.1;
/** Pixels each way of the picture in which a slope is as steep as it is told. */
const SIDE = 512;

/** 0 … 1: the farthest and the nearest that there is in a picture; where all is equally far, 0. */
function nearness({ data, ...size }: Plane): Plane {
  const least = data.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return { ...size, data: data.map((value) => (value - least) / (most - least || 1)) };
}

/**
 * A depth map for ControlNet, near white and far black, of the whole range: as transformers' depth-estimation pipeline makes it.
 * @param depth in any unit, larger where it is nearer
 */
export function depthMap(depth: Plane): GreyPicture {
  const { width, height, data } = nearness(depth);
  return { width, height, data: Uint8ClampedArray.from(data, (near) => Math.floor(near * 255)) };
}

/**
 * A normal map for ControlNet: red to the left, green to the top, blue towards who looks. The slopes are Sobel's, of a depth map of
 * 0 … 255 in a picture of 512 × 512 pixels, so that they hang neither on a model's unit nor on the picture's size.
 * @param depth in any unit, larger where it is nearer
 */
export function normalMap(depth: Plane): Picture {
  const { width, height, data } = nearness(depth);
  const scale = (255 * Math.sqrt(width * height)) / SIDE;
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  // Mirrored about the outermost pixels: OpenCV's default.
  const mirror = (place: number, length: number) =>
    length === 1 ? 0 : length - 1 - Math.abs(length - 1 - Math.abs(place));
  const at = (place: number) => data[place] as number;
  for (let y = 0; y < height; y++) {
    const here = y * width;
    const above = mirror(y - 1, height) * width;
    const below = mirror(y + 1, height) * width;
    for (let x = 0; x < width; x++) {
      const left = mirror(x - 1, width);
      const right = mirror(x + 1, width);
      const steep = at(here + x) < BACKGROUND ? 0 : scale;
      const corner = at(below + right) - at(above + left);
      const other = at(below + left) - at(above + right);
      const across = steep * (corner - other + 2 * (at(here + right) - at(here + left)));
      const down = steep * (corner + other + 2 * (at(below + x) - at(above + x)));
      const half = 127.5 / Math.sqrt(across ** 2 + down ** 2 + HEIGHT ** 2);
      const pixel = (here + x) * 4;
      rgba[pixel] = Math.floor(across * half + 127.5);
      rgba[pixel + 1] = Math.floor(down * half + 127.5);
      rgba[pixel + 2] = Math.floor(HEIGHT * half + 127.5);
    }
  }
  return { width, height, rgba };
}
