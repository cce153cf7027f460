import type { Picture } from '../image/picture.ts';
import { type Planes, tileByTile, tilePositions } from '../image/tiles.ts';
import { UPSCALER_TILE, UPSCALER_WINDOW, type Upscaler } from '../loaders/load-upscaler.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { Size } from '../protocol/placement.ts';

/** In windows: tiles that start at multiples of a window see the same windows as the whole picture would. */
const TILES = { tile: UPSCALER_TILE / UPSCALER_WINDOW, overlap: 3 };

/** Larger results are refused: each pixel takes some 20 bytes on its way. */
const MAX_PIXELS = 4096 * 4096;

/**
 * Makes a picture larger, tile by tile, so that it takes the memory of one tile and of the result.
 * @param onTile awaited after each tile: how many are done, out of how many
 * @throws AppError picture-too-large, out-of-memory, device-lost; what `onTile` throws
 */
export async function upscaleImage(
  { scale, session }: Upscaler,
  image: Picture,
  onTile: (done: number, all: number) => Promise<void>,
): Promise<Picture> {
  const size = { width: image.width * scale, height: image.height * scale };
  if (size.width * size.height > MAX_PIXELS) throw tooLarge(size);
  const whole = padded(image);
  const count = (length: number) => tilePositions(length / UPSCALER_WINDOW, TILES.tile, TILES.overlap).length;
  const all = count(whole.width) * count(whole.height);
  let done = 0;
  const tiling = { ...TILES, from: UPSCALER_WINDOW, to: UPSCALER_WINDOW * scale };
  const upscaled = await tileByTile(whole, tiling, async (tile) => {
    const shape = [1, tile.channels, tile.height, tile.width];
    const feeds = { pixel_values: { dtype: 'float32', shape, data: tile.data } } as const;
    const { reconstruction } = await session.run(feeds, ['reconstruction']);
    await onTile(++done, all);
    return reconstruction?.data as Float32Array;
  });
  return cropped(upscaled, size);
}

/**
 * 8-bit RGBA → [3, H, W] in 0 … 1, each side a multiple of the window and at least one tile. The picture is mirrored into what
 * is added, as in transformers' Swin2SRImageProcessor.
 */
function padded({ rgba, width, height }: Picture): Planes {
  const paddedLength = (length: number) =>
    Math.max(UPSCALER_TILE, Math.ceil(length / UPSCALER_WINDOW) * UPSCALER_WINDOW);
  const [w, h] = [paddedLength(width), paddedLength(height)];
  const mirror = (i: number, length: number) => {
    const place = i % (2 * length);
    return place < length ? place : 2 * length - 1 - place;
  };
  const data = Float32Array.from({ length: 3 * w * h }, (_, i) => {
    const [y, x] = [Math.floor(i / w) % h, i % w];
    const pixel = mirror(y, height) * width + mirror(x, width);
    return (rgba[pixel * 4 + Math.floor(i / (w * h))] as number) / 255;
  });
  return { data, channels: 3, height: h, width: w };
}

/** [3, H, W] in 0 … 1 → 8-bit RGBA of its upper left corner. */
function cropped({ data, height, width }: Planes, size: Size): Picture {
  const rgba = new Uint8ClampedArray(size.width * size.height * 4).fill(255);
  for (let colour = 0; colour < 3; colour++) {
    for (let y = 0; y < size.height; y++) {
      const from = (colour * height + y) * width;
      for (let x = 0; x < size.width; x++)
        rgba[(y * size.width + x) * 4 + colour] = (data[from + x] as number) * 255;
    }
  }
  return { width: size.width, height: size.height, rgba };
}

function tooLarge({ width, height }: Size): AppError {
  const details = { kind: 'upscaled-too-large', width, height } satisfies Fault;
  const message = `The upscaled picture would have ${width} × ${height} pixels, which is too many. Upscale a smaller picture.`;
  return new AppError('picture-too-large', message, details);
}
