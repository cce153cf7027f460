import type { Family } from '../loaders/family.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import { AppError } from '../protocol/errors.ts';
import { decodeLatents } from './decode.ts';
import type { Emit } from './events.ts';
import { type Conditioning, openGuidedDenoiser } from './guidance.ts';
import type { PreparedLatents } from './latents.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import type { Pass } from './plan-passes.ts';
import { previewOf } from './preview.ts';

/** Moments of a pass at which a filmstrip shows the picture in full. */
const FILMSTRIP_FRAMES = 8;

/** Denoises one picture: from its prepared latents to the finished ones [1, C, h, w]. `image` counts from 0. */
export type Denoise = (image: number, prepared: PreparedLatents, random: Random) => Promise<Tensor>;

/**
 * Opens the denoiser for a pass. What it returns denoises one picture after another; `signal` is looked at before each
 * evaluation.
 * @param conditioningAt the texts at a step, counted from 1
 * @throws AppError out-of-memory, device-lost; from what it returns also wrong-numbers, and `signal.reason` when aborted
 */
export async function denoisingLoop(
  family: Family,
  pass: Pass,
  conditioningAt: (step: number) => Conditioning,
  request: PipelineRequest,
  emit: Emit,
  signal: AbortSignal,
): Promise<Denoise> {
  const { plan, begin, steps, stepOf, width, height, memory, evaluations: planned } = pass;
  const evaluations = planned.length;
  const predictNoise = await openGuidedDenoiser(
    family,
    (i) => conditioningAt(stepOf(i)),
    { ...request, width, height },
    planned,
    memory.guidance === 'together',
    async () => emit({ stage: 'plan', plan: { ...memory, guidance: 'in-turn' } }),
  );

  return async (image, { latents: first, extraChannels, keepUnmasked }, random) => {
    const stepper = pass.scheduler.start(plan, random, request);
    let latents = first;
    for (let i = 0; i < evaluations; i++) {
      signal.throwIfAborted();
      const index = begin + i;
      const input = concatenate([stepper.scaleModelInput(latents.data, index), extraChannels]);
      const output = await predictNoise(input, plan.timesteps[index] as number, i);
      const before = latents.data;
      const estimate = () => {
        const original = pass.scheduler.originalSample(plan, output, before, index);
        return { ...first, data: keepUnmasked(original, plan.timesteps.length) };
      };
      const next = stepper.step(output, before, index);
      latents = { ...latents, data: keepUnmasked(next, index + 1) };
      const step = stepOf(i);
      if (!isFiniteAndVaried(latents.data)) throw wrongNumbers(step);

      // Scaled as the next evaluation would see them, then from unit variance to that of the clean latents.
      const { sigmaData = 1 } = pass.scheduler;
      const scaled = () => stepper.scaleModelInput(latents.data, index + 1).map((x) => x * sigmaData);
      const seen = { ...latents, data: i + 1 < evaluations ? scaled() : latents.data };
      const at = { image, pass: pass.number, step };
      const preview = await previewOf(family, seen);
      const done = { steps, evaluation: i + 1, evaluations, preview };
      await emit({ stage: 'denoise', ...at, ...done, estimate, isTiled: memory.vae === 'tiled' });
      if (request.filmstrip && isFrame(i, evaluations)) {
        const picture = await decodeLatents(family.vae, seen, memory.vae === 'tiled');
        await emit({ stage: 'frame', ...at, picture });
      }
    }
    return latents;
  };
}

/** Whether a frame of the filmstrip follows evaluation `i`: they are spread evenly, and the last one is the end. */
function isFrame(i: number, evaluations: number): boolean {
  const framesUntil = (evaluation: number) => Math.floor((evaluation * FILMSTRIP_FRAMES) / evaluations);
  return framesUntil(i + 1) > framesUntil(i);
}

/** Whether latents can be a picture: all values are finite, and not all the same. */
function isFiniteAndVaried(latents: Float32Array): boolean {
  return latents.every(Number.isFinite) && latents.some((value) => value !== latents[0]);
}

function wrongNumbers(step: number): AppError {
  return new AppError('wrong-numbers', `The model's output at step ${step} is not a picture.`, { step });
}
