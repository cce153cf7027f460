import { enlargeLatents, enlargePicture } from '../image/enlarge.ts';
import { type InitImage, pasteBack, toSample } from '../image/init-image.ts';
import type { Components } from '../loaders/components.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { Hires } from '../protocol/hires.ts';
import { decodeLatents } from './decode.ts';
import { encodeImage, sampleLatents } from './encode-image.ts';
import { encodeMasked, type Origin } from './latents.ts';

/** The second pass with the picture that the first began with, if any, at the size it ends with. */
export type HiresRequest = Hires & { readonly image: InitImage | null };

/** Whether each side of the second pass has its VAE run in tiles. */
interface Tiled {
  readonly decode: boolean;
  readonly encode: boolean;
}

/** A schedule has no more steps than a model was trained on. */
const MOST_STEPS = 1000;

/**
 * The schedule of the second pass: so many steps that `steps` of them are left at this strength. AUTOMATIC1111's
 * setup_img2img_steps (modules/sd_samplers_common.py), but rounded up: one step at 0.6 is the second of two, where it
 * there is the first of one and nothing of the picture is left.
 */
export function hiresSchedule({ steps, strength }: Hires): { numInferenceSteps: number; left: number } {
  const left = Math.max(1, Math.min(steps, Math.floor(MOST_STEPS * strength)));
  // 7 / 0.7 is a little over 10.
  const numInferenceSteps = Math.ceil(left / strength - 1e-9);
  return { numInferenceSteps: Math.min(MOST_STEPS, numInferenceSteps), left };
}

/**
 * What the second pass begins from: the first one's results, enlarged to `size` pixels. Pictures are decoded all before any
 * is encoded, so that each half of the VAE is opened once. `onImage` is awaited before each.
 */
export async function enlargeAll(
  components: Components,
  results: readonly Tensor[],
  { upscaler, image }: HiresRequest,
  size: { readonly width: number; readonly height: number },
  tiled: Tiled,
  onImage: (image: number) => Promise<void>,
): Promise<Origin[]> {
  const { scale } = components.vae;
  const inpaint = () => (image ? encodeMasked(components, image, tiled.encode) : null);
  if (upscaler === 'latent') {
    const small = { width: size.width / scale, height: size.height / scale };
    const shared = await inpaint();
    return results.map((latents) => {
      const enlarged = enlargeLatents(latents, small);
      return { latents: () => enlarged, inpaint: shared, isNoiseMasked: false };
    });
  }

  const pictures = [];
  for (const [i, latents] of results.entries()) {
    await onImage(i);
    const enlarged = enlargePicture(await decodeLatents(components, latents, tiled.decode), size);
    pictures.push(image?.mask ? pasteBack(enlarged, image.picture, image.mask) : enlarged);
  }
  const origins: Origin[] = [];
  const shared = await inpaint();
  for (const [i, picture] of pictures.entries()) {
    await onImage(i);
    const encoded = await encodeImage(components, toSample(picture), picture, tiled.encode);
    const latents = (random: Random) => sampleLatents(encoded, random, components.vae);
    origins.push({ latents, inpaint: shared, isNoiseMasked: false });
  }
  return origins;
}
