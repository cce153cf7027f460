import type { Tensor } from '../numerics/tensor.ts';
import type { Components } from './components.ts';
import type { Picture } from './picture.ts';

/** Latents [1, C, h, w] of the diffusion model → the picture: the VAE's decoder, then VaeImageProcessor. */
export async function decodeLatents(components: Components, latents: Tensor): Promise<Picture> {
  const [, , height, width] = latents.shape as [number, number, number, number];
  const { scalingFactor, shiftFactor, scale } = components.vae;
  const decoder = await components.vaeDecoder({ height, width });
  const latentSample = latents.data.map((value) => value / scalingFactor + shiftFactor);
  const { sample } = await decoder.run({ latent_sample: latentSample });
  return toPicture(sample as Float32Array, height * scale, width * scale);
}

/**
 * VaeImageProcessor.postprocess (diffusers image_processor.py): [3, H, W] in [-1, 1] → 8-bit RGBA.
 * A Uint8ClampedArray rounds half to even and clamps, as numpy's round and torch's clamp do there.
 */
export function toPicture(sample: Float32Array, height: number, width: number): Picture {
  const pixels = height * width;
  const rgba = new Uint8ClampedArray(pixels * 4).fill(255);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let colour = 0; colour < 3; colour++) {
      rgba[pixel * 4 + colour] = ((sample[colour * pixels + pixel] as number) / 2 + 0.5) * 255;
    }
  }
  return { width, height, rgba };
}
