import type { Picture } from '../image/picture.ts';
import type { OnTile, Upscaler } from '../loaders/load-upscaler.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Size } from '../protocol/placement.ts';

/** Larger results are refused: each pixel takes some 20 bytes on its way. */
const MAX_PIXELS = 4096 * 4096;

/**
 * Makes a picture larger, unless the result would be too large.
 * @param onTile awaited after each tile: how many are done, out of how many
 * @throws AppError picture-too-large, out-of-memory, device-lost; what `onTile` throws
 */
export async function upscaleImage(upscaler: Upscaler, image: Picture, onTile: OnTile): Promise<Picture> {
  const { scale } = upscaler;
  const size = { width: image.width * scale, height: image.height * scale };
  if (size.width * size.height > MAX_PIXELS) throw tooLarge(size);
  return upscaler.upscale(image, onTile);
}

function tooLarge({ width, height }: Size): AppError {
  const details = { kind: 'upscaled-too-large', width, height } satisfies Fault;
  const message = `The upscaled picture would have ${width} × ${height} pixels, which is too many. Upscale a smaller picture.`;
  return new AppError('picture-too-large', message, details);
}
