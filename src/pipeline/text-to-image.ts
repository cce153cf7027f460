import { SCHEDULERS } from '../catalog/schedulers.ts';
import { PhiloxRandom } from '../numerics/philox.ts';
import { TorchRandom } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { GenerationRequest } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import { createScheduler } from '../schedulers/index.ts';
import type { Components } from './components.ts';
import { decodeLatents } from './decode.ts';
import { openDenoiser } from './guidance.ts';
import { areSound, prepareLatents } from './latents.ts';
import type { Picture } from './picture.ts';
import { previewLatents } from './preview.ts';
import { encodePrompts } from './prompt.ts';

/** What happens during a run, in order; `image` counts from 0, `step` from 1. */
export type TextToImageEvent =
  | { readonly stage: 'substitute'; readonly asked: string }
  | { readonly stage: 'encode' }
  | {
      readonly stage: 'denoise';
      readonly image: number;
      readonly step: number;
      readonly steps: number;
      /** Some samplers evaluate the model more than once a step; from 1. */
      readonly evaluation: number;
      readonly evaluations: number;
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
  const { numInferenceSteps: steps, numImages, seed } = request;
  const { parts } = components;
  const height = request.height / components.vae.scale;
  const width = request.width / components.vae.scale;

  // 1. the sampler and its timesteps
  if (parts.unknownScheduler) await emit({ stage: 'substitute', asked: parts.unknownScheduler });
  const { className, config } = SCHEDULERS[request.scheduler];
  const scheduler = createScheduler(className, { ...parts.schedulerConfig, ...config });
  const plan = scheduler.plan(steps);
  const evaluations = plan.timesteps.length;

  // 2. the texts
  await emit({ stage: 'encode' });
  const conditioningAt = await encodePrompts(components, request);
  signal.throwIfAborted();

  // 3. the UNet, with guidance in one run, in two, or not at all
  const stepOf = (i: number) => 1 + Math.floor((i * steps) / evaluations);
  const denoise = await openDenoiser(components, (i) => conditioningAt(stepOf(i)), request, evaluations);

  for (let image = 0; image < numImages; image++) {
    // 4. noise of the image's own seed
    const random = new (request.noise === 'cpu' ? TorchRandom : PhiloxRandom)(seed + image);
    const shape = { channels: parts.unet.out_channels, height, width };
    let latents: Tensor = prepareLatents(random, shape, plan.initNoiseSigma);
    const stepper = scheduler.start(plan, random, request);

    // 5. out of the noise
    for (const [i, timestep] of plan.timesteps.entries()) {
      signal.throwIfAborted();
      const output = await denoise(stepper.scaleModelInput(latents.data, i), timestep, i);
      latents = { ...latents, data: stepper.step(output, latents.data, i) };
      if (!areSound(latents.data)) throw wrongNumbers(i + 1);
      // At unit variance, as the next evaluation would see it.
      const seen = i + 1 < evaluations ? stepper.scaleModelInput(latents.data, i + 1) : latents.data;
      const preview = previewLatents({ ...latents, data: seen }, parts.latentRgb);
      const step = stepOf(i);
      await emit({ stage: 'denoise', image, step, steps, evaluation: i + 1, evaluations, preview });
      if (request.filmstrip && isFrame(i, evaluations)) {
        const picture = await decodeLatents(components, { ...latents, data: seen });
        await emit({ stage: 'frame', image, step, picture });
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
