import type { Size } from '../protocol/placement.ts';
import type { Picture } from './picture.ts';
import { decodeImage, drawImage } from './read-image.ts';

/**
 * The size in which a map of a picture is made: its shape, and as many pixels as what the map is to steer. Lines of a pixel's width
 * would fade from a larger one when it is brought to that size.
 */
export function mapSize(picture: Size, steered: Size): Size {
  const scale = Math.sqrt((steered.width * steered.height) / (picture.width * picture.height));
  const length = (pixels: number) => Math.max(1, Math.round(pixels * scale));
  return { width: length(picture.width), height: length(picture.height) };
}

/**
 * Reads a picture in the size in which a map of it is made.
 * @param steered the size of what the map is to steer
 * @throws AppError unsupported-image; out-of-memory
 */
export async function readForMap(file: Blob, steered: Size): Promise<Picture> {
  const bitmap = await decodeImage(file);
  try {
    const size = mapSize(bitmap, steered);
    return drawImage(bitmap, { x: 0, y: 0, ...size }, size);
  } finally {
    bitmap.close();
  }
}
