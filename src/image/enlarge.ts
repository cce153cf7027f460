import { enlargeAxis, LANCZOS, TRIANGLE } from '../numerics/resample.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Picture } from './picture.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Latents [1, C, h, w] → [1, C, height, width]: torch.nn.functional.interpolate, bilinear; AUTOMATIC1111's upscaler
 * “Latent” (modules/shared.py, latent_upscale_modes).
 */
export function enlargeLatents({ shape, data }: Tensor, { width, height }: Size): Tensor {
  const [, channels, h, w] = shape as [number, number, number, number];
  const wide = new Float32Array(channels * h * width);
  enlargeAxis(data, { outer: channels * h, length: w, inner: 1 }, wide, TRIANGLE);
  const out = new Float32Array(channels * height * width);
  enlargeAxis(wide, { outer: channels, length: h, inner: width }, out, TRIANGLE);
  return { shape: [1, channels, height, width], data: out };
}

/** Pillow's Image.resize with LANCZOS, each axis rounded to 8 bits as there; AUTOMATIC1111's upscaler “Lanczos”. */
export function enlargePicture(picture: Picture, { width, height }: Size): Picture {
  const wide = new Uint8ClampedArray(picture.height * width * 4);
  enlargeAxis(picture.rgba, { outer: picture.height, length: picture.width, inner: 4 }, wide, LANCZOS);
  const rgba = new Uint8ClampedArray(height * width * 4);
  enlargeAxis(wide, { outer: 1, length: picture.height, inner: width * 4 }, rgba, LANCZOS);
  return { width, height, rgba };
}
