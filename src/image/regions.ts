import type { Rect, Size } from '../protocol/placement.ts';
import type { GreyPicture, Picture } from './picture.ts';
import { drawImage, toImageBitmap } from './read-image.ts';

/** The picture at another size, scaled by the browser. */
export async function scaleTo(image: Picture, size: Size): Promise<Picture> {
  if (image.width === size.width && image.height === size.height) return image;
  const bitmap = await toImageBitmap(image);
  try {
    return drawImage(bitmap, { x: 0, y: 0, width: size.width, height: size.height }, size);
  } finally {
    bitmap.close();
  }
}

/** The pixels inside a rectangle that lies within the picture. */
export function crop({ width, rgba }: Picture, { x, y, width: columns, height: rows }: Rect): Picture {
  const result = new Uint8ClampedArray(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    const start = ((y + row) * width + x) * 4;
    result.set(rgba.subarray(start, start + columns * 4), row * columns * 4);
  }
  return { width: columns, height: rows, rgba: result };
}

/** A part of a mask, as a picture in grey. */
export function cropMask(
  { width, data }: GreyPicture,
  { x, y, width: columns, height: rows }: Rect,
): Picture {
  const rgba = new Uint8ClampedArray(columns * rows * 4).fill(255);
  for (let i = 0; i < columns * rows; i++) {
    const value = data[(y + Math.floor(i / columns)) * width + x + (i % columns)] as number;
    rgba.fill(value, i * 4, i * 4 + 3);
  }
  return { width: columns, height: rows, rgba };
}

/** A picture with another one laid over it, the upper left corner at (x, y). */
export function overlay(
  below: Picture,
  { width, height, rgba }: Picture,
  { x, y }: Pick<Rect, 'x' | 'y'>,
): Picture {
  const result = below.rgba.slice();
  for (let row = 0; row < height; row++) {
    const from = row * width * 4;
    result.set(rgba.subarray(from, from + width * 4), ((y + row) * below.width + x) * 4);
  }
  return { ...below, rgba: result };
}
