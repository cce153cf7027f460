import { SCHEDULERS } from '../catalog/schedulers.ts';
import { TorchRandom } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { GenerationRequest } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import { createScheduler } from '../schedulers/index.ts';
import type { Components } from './components.ts';
import { decodeLatents } from './decode.ts';
import { batchedGuidance, type Denoiser, twoPassGuidance, unguided } from './guidance.ts';
import { areSound, prepareLatents } from './latents.ts';
import type { Picture } from './picture.ts';
import { previewLatents } from './preview.ts';
import { encodePrompt } from './prompt.ts';

/** What happens during a run, in order; `image` counts from 0, `step` from 1. */
export type TextToImageEvent =
  | { readonly stage: 'encode' }
  | {
      readonly stage: 'denoise';
      readonly image: number;
      readonly step: number;
      readonly steps: number;
      readonly preview: Picture;
    }
  | { readonly stage: 'frame'; readonly image: number; readonly step: number; readonly picture: Picture }
  | { readonly stage: 'decode'; readonly image: number }
  | { readonly stage: 'image'; readonly image: number; readonly seed: number; readonly picture: Picture };

export type TextToImageRequest = Omit<GenerationRequest, 'model' | 'device'>;

const FILMSTRIP_FRAMES = 8;

/**
 * StableDiffusionPipeline.__call__ (diffusers pipelines/stable_diffusion/pipeline_stable_diffusion.py), one image
 * after another: image i is the same whether it comes alone or among others.
 * `emit` is awaited, so the caller may let messages in between two steps; then `signal` is looked at.
 * @throws AppError wrong-numbers when the latents stop being a picture; `signal.reason` when aborted
 */
export async function textToImage(
  components: Components,
  request: TextToImageRequest,
  emit: (event: TextToImageEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { numInferenceSteps: steps, guidanceScale, numImages, seed } = request;
  const height = request.height / components.vae.scale;
  const width = request.width / components.vae.scale;

  // 1. the sampler and its timesteps
  const { className, config } = SCHEDULERS[request.scheduler];
  const scheduler = createScheduler(className, { ...components.schedulerConfig, ...config });
  const plan = scheduler.plan(steps);

  // 2. the texts
  await emit({ stage: 'encode' });
  const embeds = await encodePrompt(components, request.prompt, request.negativePrompt);
  signal.throwIfAborted();

  // 3. the UNet, with guidance in one run, in two, or not at all
  const denoise = await openDenoiser(components, embeds, { height, width }, guidanceScale);

  for (let image = 0; image < numImages; image++) {
    // 4. noise of the image's own seed
    const random = new TorchRandom(seed + image);
    const shape = { channels: components.latentChannels, height, width };
    let latents: Tensor = prepareLatents(random, shape, plan.initNoiseSigma);
    const stepper = scheduler.start(plan, random);

    // 5. out of the noise
    const evaluations = plan.timesteps.length;
    for (const [i, timestep] of plan.timesteps.entries()) {
      signal.throwIfAborted();
      const output = await denoise(stepper.scaleModelInput(latents.data, i), timestep);
      latents = { ...latents, data: stepper.step(output, latents.data, i) };
      if (!areSound(latents.data)) throw wrongNumbers(i + 1);
      // At unit variance, as the next evaluation would see it.
      const seen = i + 1 < evaluations ? stepper.scaleModelInput(latents.data, i + 1) : latents.data;
      const preview = previewLatents({ ...latents, data: seen }, components.latentRgb);
      await emit({ stage: 'denoise', image, step: i + 1, steps: evaluations, preview });
      if (request.filmstrip && isFrame(i, evaluations)) {
        const picture = await decodeLatents(components, { ...latents, data: seen });
        await emit({ stage: 'frame', image, step: i + 1, picture });
      }
    }

    // 6. the picture
    await emit({ stage: 'decode', image });
    signal.throwIfAborted();
    await emit({
      stage: 'image',
      image,
      seed: seed + image,
      picture: await decodeLatents(components, latents),
    });
  }
}

async function openDenoiser(
  components: Components,
  embeds: Awaited<ReturnType<typeof encodePrompt>>,
  size: { height: number; width: number },
  guidanceScale: number,
): Promise<Denoiser> {
  const single = () => components.unet({ ...size, guidance: false });
  if (guidanceScale <= 1) return unguided(await single(), embeds.prompt);
  try {
    return batchedGuidance(await components.unet({ ...size, guidance: true }), embeds, guidanceScale);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'out-of-memory')) throw error;
    return twoPassGuidance(await single(), embeds, guidanceScale);
  }
}

/** Eight moments spread over the run, the last of them its end; every step when there are fewer. */
function isFrame(i: number, evaluations: number): boolean {
  const frame = (step: number) => Math.floor((step * FILMSTRIP_FRAMES) / evaluations);
  return frame(i + 1) > frame(i);
}

function wrongNumbers(step: number): AppError {
  return new AppError(
    'wrong-numbers',
    `The picture turned into something that is no picture at step ${step}.`,
    { step },
  );
}
