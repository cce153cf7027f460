import { SCHEDULERS } from '../catalog/schedulers.ts';
import { concatenate } from '../numerics/concatenate.ts';
import { PhiloxRandom } from '../numerics/philox.ts';
import { TorchRandom } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { GenerationRequest, MemoryPlan } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';
import { createScheduler } from '../schedulers/index.ts';
import { beginIndex } from '../schedulers/scheduler.ts';
import type { Components } from './components.ts';
import { decodeLatents } from './decode.ts';
import { openDenoiser } from './guidance.ts';
import type { InitImage } from './init-image.ts';
import { areSound, openStart } from './latents.ts';
import { planRun } from './memory-plan.ts';
import type { Picture } from './picture.ts';
import { lookAt } from './preview.ts';
import { encodePrompts } from './prompt.ts';

/** What happens during a run, in order; `image` counts from 0, `step` from 1. */
export type PipelineEvent =
  | { readonly stage: 'substitute'; readonly asked: string }
  | { readonly stage: 'plan'; readonly plan: MemoryPlan }
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

export type PipelineRequest = Omit<
  GenerationRequest,
  'model' | 'textEncoder' | 'unet' | 'vae' | 'previewVae' | 'bits' | 'device' | 'image'
> & {
  /** Null to begin with noise. */
  readonly image: InitImage | null;
};

const FILMSTRIP_FRAMES = 8;

/**
 * StableDiffusionPipeline.__call__ and those of its image-to-image and inpainting kin (diffusers
 * pipelines/stable_diffusion), one image after another: image i is the same whether it comes alone or among others.
 * `emit` is awaited, so the caller may let messages in between two steps; then `signal` is looked at.
 * @throws AppError wrong-numbers when the latents stop being a picture; invalid-request when the strength leaves no
 * step to do; `signal.reason` when aborted
 */
export async function stableDiffusion(
  components: Components,
  request: PipelineRequest,
  emit: (event: PipelineEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { numInferenceSteps: steps, numImages, seed, image: init } = request;
  const { parts } = components;

  // 1. the sampler and its timesteps
  if (parts.unknownScheduler) await emit({ stage: 'substitute', asked: parts.unknownScheduler });
  const { className, config } = SCHEDULERS[request.scheduler];
  const scheduler = createScheduler(className, { ...parts.schedulerConfig, ...config });
  const plan = scheduler.plan(steps);
  const begin = init ? beginIndex(scheduler, steps, init.strength) : 0;
  const evaluations = plan.timesteps.length - begin;
  if (evaluations <= 0) throw noStepLeft(steps, init?.strength ?? 0);

  const memory = await planRun(components, request);
  components.residency = memory.residency;
  await emit({ stage: 'plan', plan: memory });

  // 2. the texts
  await emit({ stage: 'encode' });
  const conditioningAt = await encodePrompts(components, request);
  signal.throwIfAborted();

  // 3. the picture to begin with
  const start = await openStart(components, request, scheduler, plan, begin);
  signal.throwIfAborted();

  // 4. the UNet, with guidance in one run, in two, or not at all
  const stepOf = (i: number) => 1 + Math.floor(((begin + i) * steps) / plan.timesteps.length);
  const denoise = await openDenoiser(
    components,
    (i) => conditioningAt(stepOf(i)),
    request,
    evaluations,
    memory.guidance === 'together',
  );

  for (let image = 0; image < numImages; image++) {
    // 5. noise of the image's own seed
    const random = new (request.noise === 'cpu' ? TorchRandom : PhiloxRandom)(seed + image);
    const { first, channels, keep } = start(random);
    let latents: Tensor = first;
    const stepper = scheduler.start(plan, random, request);

    // 6. out of the noise
    for (let i = 0; i < evaluations; i++) {
      signal.throwIfAborted();
      const place = begin + i;
      const scaled = stepper.scaleModelInput(latents.data, place);
      const input = concatenate([scaled, channels]);
      const output = await denoise(input, plan.timesteps[place] as number, i);
      latents = { ...latents, data: keep(stepper.step(output, latents.data, place), place + 1) };
      const step = stepOf(i);
      if (!areSound(latents.data)) throw wrongNumbers(step);
      // At unit variance, as the next evaluation would see it.
      const seen = i + 1 < evaluations ? stepper.scaleModelInput(latents.data, place + 1) : latents.data;
      const preview = await lookAt(components, { ...latents, data: seen });
      await emit({ stage: 'denoise', image, step, steps, evaluation: i + 1, evaluations, preview });
      if (request.filmstrip && isFrame(i, evaluations)) {
        const picture = await decodeLatents(components, { ...latents, data: seen }, memory.vae === 'tiled');
        await emit({ stage: 'frame', image, step, picture });
      }
    }

    // 7. the picture
    await emit({ stage: 'decode', image });
    signal.throwIfAborted();
    await emit({
      stage: 'image',
      image,
      seed: seed + image,
      picture: await decodeLatents(components, latents, memory.vae === 'tiled'),
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

function noStepLeft(steps: number, strength: number): AppError {
  const details = { field: 'strength', expected: `at least ${1 / steps}`, found: strength };
  return new AppError(
    'invalid-request',
    `Strength ${strength} leaves none of ${steps} steps to do.`,
    details,
  );
}
