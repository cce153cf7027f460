import { toUnitPlanes } from '../../image/image-processor.ts';
import type { Picture } from '../../image/picture.ts';
import { resizeImage } from '../../image/resize.ts';
import type { Size } from '../../protocol/placement.ts';

/** A map, stretched to a size, as VaeImageProcessor.preprocess without `do_normalize` makes it: [3, height, width] in 0 … 1. */
export function mapPlanes(map: Picture, size: Size): Float32Array {
  const isFitting = map.width === size.width && map.height === size.height;
  return toUnitPlanes(isFitting ? map : resizeImage(map, size));
}

/** torch.nn.PixelUnshuffle: planes [C, H, W] → [C · factor², H / factor, W / factor]. */
export function pixelUnshuffle(planes: Float32Array, { width, height }: Size, factor: number): Float32Array {
  const [w, h] = [width / factor, height / factor];
  return planes.map((_, i) => {
    const [x, y] = [i % w, Math.floor(i / w) % h];
    const channel = Math.floor(i / (w * h));
    const [dx, dy] = [channel % factor, Math.floor(channel / factor) % factor];
    const colour = Math.floor(channel / factor ** 2);
    return planes[(colour * height + y * factor + dy) * width + x * factor + dx] as number;
  });
}
