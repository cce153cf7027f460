import { preprocess } from '../image/image-processor.ts';
import { pasteBack } from '../image/masks.ts';
import { resizeImage, resizeLatents } from '../image/resize.ts';
import type { Family } from '../loaders/family.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Size } from '../protocol/placement.ts';
import { decodeLatents } from './decode.ts';
import { encodeMasked, type ImageLatents } from './latents.ts';
import type { HiresRequest } from './pipeline-request.ts';

/** Whether the VAE's decoder (at the first size) and encoder (at the second) run in tiles. */
interface Tiled {
  readonly decode: boolean;
  readonly encode: boolean;
}

/**
 * What the second pass starts from: the results of the first one, resized. All pictures are decoded before any is encoded, so
 * that each half of the VAE is opened once.
 * @param results latents [1, C, h, w]
 * @param size of the second pass, in pixels
 * @param onImage awaited before each picture is decoded or encoded
 */
export async function resizeResults(
  family: Family,
  results: readonly Tensor[],
  { upscaler, image }: HiresRequest,
  size: Size,
  tiled: Tiled,
  onImage: (image: number) => Promise<void>,
): Promise<ImageLatents[]> {
  const { vae } = family;
  const encodeMask = async () => (image ? encodeMasked(vae, image, tiled.encode) : null);
  if (upscaler === 'latent') {
    const [, , height, width] = family.latentShape(size);
    const inpaint = await encodeMask();
    return results.map((latents) => {
      const resized = resizeLatents(latents, { width, height });
      return { sample: () => resized, inpaint, isNoiseMasked: false };
    });
  }

  const images = [];
  for (const [i, latents] of results.entries()) {
    await onImage(i);
    const resized = resizeImage(await decodeLatents(vae, latents, tiled.decode), size);
    images.push(image?.mask ? pasteBack(resized, image.pixels, image.mask) : resized);
  }
  const inpaint = await encodeMask();
  const starts: ImageLatents[] = [];
  for (const [i, pixels] of images.entries()) {
    await onImage(i);
    const sample = await vae.encode(preprocess(pixels), pixels, tiled.encode);
    starts.push({ sample, inpaint, isNoiseMasked: false });
  }
  return starts;
}
