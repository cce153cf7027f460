import { type Filter, LANCZOS, resizeAxis, TRIANGLE } from '../numerics/resample.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Size } from '../protocol/placement.ts';
import type { Picture } from './picture.ts';

/**
 * Latents [1, C, h, w] → [1, C, height, width], neither side shorter: torch.nn.functional.interpolate, bilinear. It is
 * AUTOMATIC1111's upscaler “Latent” (modules/shared.py, latent_upscale_modes).
 */
export function resizeLatents({ shape, data }: Tensor, { width, height }: Size): Tensor {
  const [, channels, h, w] = shape as [number, number, number, number];
  const wide = new Float32Array(channels * h * width);
  resizeAxis(data, { outer: channels * h, length: w, inner: 1 }, wide, TRIANGLE);
  const out = new Float32Array(channels * height * width);
  resizeAxis(wide, { outer: channels, length: h, inner: width }, out, TRIANGLE);
  return { shape: [1, channels, height, width], data: out };
}

/**
 * A picture at another size: Pillow's Image.resize, each axis rounded to 8 bits as there. With LANCZOS it is AUTOMATIC1111's
 * upscaler “Lanczos”.
 */
export function resizeImage(image: Picture, { width, height }: Size, filter: Filter = LANCZOS): Picture {
  const wide = new Uint8ClampedArray(image.height * width * 4);
  resizeAxis(image.rgba, { outer: image.height, length: image.width, inner: 4 }, wide, filter);
  const rgba = new Uint8ClampedArray(height * width * 4);
  resizeAxis(wide, { outer: 1, length: image.height, inner: width * 4 }, rgba, filter);
  return { width, height, rgba };
}
