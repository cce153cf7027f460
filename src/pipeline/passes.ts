import type { Components } from '../loaders/components.ts';
import { concatenate } from '../numerics/concatenate.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { MemoryPlan } from '../protocol/device.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { PassNumber } from '../protocol/generation.ts';
import { enlargedSize } from '../protocol/hires.ts';
import { beginIndex, beginWith, type Plan, type Scheduler } from '../schedulers/scheduler.ts';
import type { Conditioning } from './conditioning.ts';
import { decodeLatents } from './decode.ts';
import type { PipelineEvent } from './events.ts';
import { openDenoiser } from './guidance.ts';
import { hiresSchedule } from './hires.ts';
import { areSound, type Start } from './latents.ts';
import { planRun } from './memory-plan.ts';
import { lookAt } from './preview.ts';
import type { PipelineRequest } from './request.ts';

/** Once through the sampler, at one size. */
export interface Pass {
  readonly number: PassNumber;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly numInferenceSteps: number;
  readonly plan: Plan;
  /** The evaluation it begins with. */
  readonly begin: number;
  readonly memory: MemoryPlan;
}

/**
 * The pass of the size asked for, and that of the enlarged picture where there is one.
 * @throws AppError invalid-request when the strength leaves no step to do
 */
export async function planPasses(
  components: Components,
  request: PipelineRequest,
  scheduler: Scheduler,
): Promise<[Pass] | [Pass, Pass]> {
  const { numInferenceSteps, width, height, image, hires } = request;
  const pass = async (
    number: PassNumber,
    size: { readonly width: number; readonly height: number },
    steps: number,
    begin: number,
  ): Promise<Pass> => {
    const memory = await planRun(components, { ...request, ...size });
    return { number, ...size, numInferenceSteps: steps, plan: scheduler.plan(steps), begin, memory };
  };
  const begin = image ? beginIndex(scheduler, numInferenceSteps, image.strength) : 0;
  const first = await pass(1, { width, height }, numInferenceSteps, begin);
  if (begin >= first.plan.timesteps.length) throw noStepLeft(numInferenceSteps, image?.strength ?? 0);
  if (!hires) return [first];
  const { numInferenceSteps: steps, left } = hiresSchedule(hires);
  const size = enlargedSize(request, hires.scale);
  return [first, await pass(2, size, steps, beginWith(scheduler, steps, left))];
}

const FILMSTRIP_FRAMES = 8;

/**
 * Opens the UNet for a pass, with guidance in one run, in two, or not at all; and then takes one image after another out of
 * the noise. `emit` is awaited, so the caller may let messages in between two steps; then `signal` is looked at.
 * @returns an image's latents, at the end [1, C, h, w]
 * @throws AppError wrong-numbers when the latents stop being a picture; `signal.reason` when aborted
 */
export async function openPass(
  components: Components,
  scheduler: Scheduler,
  pass: Pass,
  conditioningAt: (step: number) => Conditioning,
  request: PipelineRequest,
  emit: (event: PipelineEvent) => Promise<void>,
  signal: AbortSignal,
): Promise<(image: number, start: Start, random: Random) => Promise<Tensor>> {
  const { plan, begin, number, numInferenceSteps, width, height, memory } = pass;
  const evaluations = plan.timesteps.length - begin;
  const stepOf = (i: number) => 1 + Math.floor(((begin + i) * numInferenceSteps) / plan.timesteps.length);
  // What the second pass leaves out are no steps of the run.
  const omitted = number === 2 ? stepOf(0) - 1 : 0;
  const steps = numInferenceSteps - omitted;
  const denoise = await openDenoiser(
    components,
    (i) => conditioningAt(stepOf(i)),
    { ...request, width, height },
    evaluations,
    memory.guidance === 'together',
  );

  return async (image, { first, channels, keep }, random) => {
    let latents = first;
    const stepper = scheduler.start(plan, random, request);
    for (let i = 0; i < evaluations; i++) {
      signal.throwIfAborted();
      const place = begin + i;
      const scaled = stepper.scaleModelInput(latents.data, place);
      const output = await denoise(concatenate([scaled, channels]), plan.timesteps[place] as number, i);
      latents = { ...latents, data: keep(stepper.step(output, latents.data, place), place + 1) };
      const step = stepOf(i) - omitted;
      if (!areSound(latents.data)) throw wrongNumbers(step);
      // At unit variance, as the next evaluation would see it.
      const seen = i + 1 < evaluations ? stepper.scaleModelInput(latents.data, place + 1) : latents.data;
      const preview = await lookAt(components, { ...latents, data: seen });
      const at = { image, pass: number, step };
      await emit({ stage: 'denoise', ...at, steps, evaluation: i + 1, evaluations, preview });
      if (request.filmstrip && isFrame(i, evaluations)) {
        const picture = await decodeLatents(components, { ...latents, data: seen }, memory.vae === 'tiled');
        await emit({ stage: 'frame', ...at, picture });
      }
    }
    return latents;
  };
}

/** Eight moments spread over the pass, the last of them its end; every step when there are fewer. */
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
  const details = { kind: 'no-step-left', field: 'strength', strength, steps } satisfies Fault;
  return new AppError(
    'invalid-request',
    `Strength ${strength} leaves none of ${steps} steps to do.`,
    details,
  );
}
