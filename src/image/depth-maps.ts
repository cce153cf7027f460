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
  for (let y = 0; y < height; y++) {
    const [above, here, below] = [mirror(y - 1, height), y, mirror(y + 1, height)].map(
      (row) => row * width,
    ) as [number, number, number];
    for (let x = 0; x < width; x++) {
      const [left, right] = [mirror(x - 1, width), mirror(x + 1, width)];
      const at = (place: number) => data[place] as number;
      const [nw, ne, sw, se] = [at(above + left), at(above + right), at(below + left), at(below + right)];
      const isFar = at(here + x) < BACKGROUND;
      const across = isFar ? 0 : scale * (ne - nw + 2 * (at(here + right) - at(here + left)) + se - sw);
      const down = isFar ? 0 : scale * (sw - nw + 2 * (at(below + x) - at(above + x)) + se - ne);
      const length = Math.hypot(across, down, HEIGHT);
      for (const [i, part] of [across, down, HEIGHT].entries())
        rgba[(y * width + x) * 4 + i] = Math.floor((part / length) * 127.5 + 127.5);
    }
  }
  return { width, height, rgba };
}
