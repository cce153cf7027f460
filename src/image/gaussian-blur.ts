import type { GreyPicture } from './picture.ts';

const PASSES = 3;

/**
 * Pillow's ImageFilter.GaussianBlur, bit for bit (libImaging/BoxBlur.c): three extended box blurs each way (Gwosdek et al.
 * 2011). Beyond the edges of the picture its outermost pixels are repeated.
 * @param radius the standard deviation in pixels; 0 changes nothing
 */
export function gaussianBlur(image: GreyPicture, radius: number): GreyPicture {
  if (radius === 0) return image;
  const box = boxRadius(radius);
  return transpose(blurRows(transpose(blurRows(image, box)), box));
}

/**
 * _gaussian_blur_radius: the radius of a box blur that has this deviation when it is repeated. Its fraction is the weight of
 * the pixels at both ends.
 */
function boxRadius(radius: number): number {
  const f = Math.fround;
  const sigma2 = f(f(radius * radius) / PASSES);
  const length = f(Math.sqrt(12 * sigma2 + 1));
  const whole = Math.floor((length - 1) / 2);
  const rest = f((2 * whole + 1) * f(whole * (whole + 1) - f(3 * sigma2)));
  return f(whole + f(rest / f(6 * f(sigma2 - (whole + 1) * (whole + 1)))));
}

function blurRows({ width, height, data }: GreyPicture, box: number): GreyPicture {
  const radius = Math.floor(box);
  // 8.24 fixed point, as there.
  const weight = Math.floor(Math.fround(2 ** 24 / Math.fround(box * 2 + 1)));
  const ends = Math.floor((2 ** 24 - (radius * 2 + 1) * weight) / 2);
  const result = new Uint8ClampedArray(data);
  let line = new Uint8ClampedArray(width);
  let next = new Uint8ClampedArray(width);
  for (let row = 0; row < height; row++) {
    line.set(data.subarray(row * width, (row + 1) * width));
    for (let pass = 0; pass < PASSES; pass++) {
      blurLine(line, next, radius, weight, ends);
      [line, next] = [next, line];
    }
    result.set(line, row * width);
  }
  return { width, height, data: result };
}

function blurLine(
  line: Uint8ClampedArray,
  result: Uint8ClampedArray,
  radius: number,
  weight: number,
  ends: number,
): void {
  const last = line.length - 1;
  const at = (x: number) => line[x < 0 ? 0 : x > last ? last : x] as number;
  let sum = 0;
  for (let x = -radius - 1; x < radius; x++) sum += at(x);
  for (let x = 0; x <= last; x++) {
    sum += at(x + radius) - at(x - radius - 1);
    const bulk = sum * weight + (at(x - radius - 1) + at(x + radius + 1)) * ends;
    result[x] = Math.floor((bulk + 2 ** 23) / 2 ** 24);
  }
}

function transpose({ width, height, data }: GreyPicture): GreyPicture {
  const result = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) result[x * height + y] = data[y * width + x] as number;
  return { width: height, height: width, data: result };
}
