import { SCHEDULERS } from '../catalog/schedulers.ts';
import { samplerConfig } from '../catalog/schedules.ts';
import type { Family } from '../loaders/family.ts';
import { planMemory } from '../loaders/memory-plan.ts';
import type { MemoryPlan } from '../protocol/device.ts';
import { AppError, type Fault } from '../protocol/errors.ts';
import type { PassNumber } from '../protocol/generation.ts';
import { type Hires, hiresSize } from '../protocol/hires.ts';
import type { Size } from '../protocol/placement.ts';
import { SETTINGS } from '../protocol/settings.ts';
import { createScheduler } from '../schedulers/index.ts';
import type { Sampler } from '../schedulers/original-sample.ts';
import { beginIndex, beginWith, type Plan } from '../schedulers/scheduler.ts';
import { evaluationBytes } from './evaluation-bytes.ts';
import { type Evaluation, planEvaluations } from './evaluations.ts';
import { guidedEvaluations } from './guidance.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/** One run through the sampler, at one size in pixels. */
export interface Pass extends Size {
  readonly number: PassNumber;
  /** Steps that are counted: in a second pass those it does, in a first one all of the schedule's. */
  readonly steps: number;
  /** The step of an evaluation that it does: both count from the first, evaluations from 0, steps from 1. */
  readonly stepOf: (i: number) => number;
  readonly scheduler: Sampler;
  readonly plan: Plan;
  /** The evaluation it starts with: later ones when it starts from a picture. */
  readonly begin: number;
  /** Those that it does, from `begin` on. */
  readonly evaluations: readonly Evaluation[];
  readonly memory: MemoryPlan;
}

/**
 * The pass at the requested size, and with hires the second one at the larger size.
 * @throws AppError invalid-request for a refiner without a picture, when the strength leaves no step to run, or the sampler does not take so many or so few;
 * unsupported-model for a sampler setting of the model's that Safelight doesn't have; what the family throws for a control
 */
export async function planPasses(family: Family, request: PipelineRequest): Promise<[Pass] | [Pass, Pass]> {
  const { numInferenceSteps, image, hires, controls, picturePrompts } = request;
  if (family.needsImage && !image) throw needsImage();
  refuseReuse(family, request);
  const { className } = SCHEDULERS[request.scheduler];
  const config = samplerConfig(request.scheduler, request.schedule);
  const own = family.schedulerConfig(className, Boolean(image?.mask));
  const scheduler = createScheduler(className, { ...own, ...config });
  const pass = async (number: PassNumber, size: Size, ofSchedule: number, begin: number): Promise<Pass> => {
    const { width, height } = size;
    const plan = scheduler.plan(ofSchedule, family.imageSequenceLength(size));
    const inSchedule = (i: number) => 1 + Math.floor(((begin + i) * ofSchedule) / plan.timesteps.length);
    const skipped = number === 2 ? inSchedule(0) - 1 : 0;
    const { target, largestTensor } = family;
    const left = plan.timesteps.length - begin;
    const uncounted = Math.max(0, left - scheduler.order * ofSchedule);
    const evaluations = planEvaluations(guidedEvaluations(family, request, left), request, uncounted);
    const files = controls.map(({ file }) => file);
    const needs = await family.memoryNeeds(size, files, picturePrompts);
    const memory = planMemory(needs, {
      ...{ target, largestTensor },
      evaluations: evaluationBytes(needs, evaluations, target.ownKernels === true),
      choice: request.memory,
      deviceBytes: request.memoryBytes,
    });
    const steps = { steps: ofSchedule - skipped, stepOf: (i: number) => inSchedule(i) - skipped };
    return { number, width, height, ...steps, scheduler, plan, begin, evaluations, memory };
  };
  const begin = image ? beginIndex(scheduler, numInferenceSteps, image.strength) : 0;
  const first = await pass(1, request, numInferenceSteps, begin);
  if (begin >= first.plan.timesteps.length) throw noStepLeft(numInferenceSteps, image?.strength ?? 0);
  if (!hires) return [first];
  const { numInferenceSteps: steps, left } = hiresSchedule(hires);
  const size = hiresSize(request, hires.scale);
  return [first, await pass(2, size, steps, beginWith(scheduler, steps, left))];
}

/** What would be left out without a word is refused. */
function refuseReuse(
  { reusesWork }: Family,
  { cacheInterval, gateStep, controls, picturePrompts }: PipelineRequest,
): void {
  const isCached = cacheInterval > 1;
  if (!isCached && gateStep === 0) return;
  const refuse = (
    kind: 'both-reuses' | 'no-reuse' | 'reuse-with-control' | 'gate-with-pictures',
    message: string,
  ) => {
    const details = { kind, field: isCached ? 'cacheInterval' : 'gateStep' } satisfies Fault;
    throw new AppError('invalid-request', message, details);
  };
  if (isCached && gateStep > 0) refuse('both-reuses', 'DeepCache and T-GATE cannot be combined.');
  if (controls.length > 0)
    refuse('reuse-with-control', 'What steers a run changes what would be taken over.');
  if (gateStep > 0 && picturePrompts.length > 0)
    refuse('gate-with-pictures', 'T-GATE would take over what the texts alone gave.');
  if (!reusesWork)
    refuse('no-reuse', 'This model’s graphs are fixed: no evaluation can take over what others computed.');
}

/** A schedule has no more steps than a request may ask for. */
const MAX_STEPS = SETTINGS.numInferenceSteps.max;

/**
 * The second pass's schedule: as many steps as leave `steps` of them to do at this strength. AUTOMATIC1111's
 * setup_img2img_steps (modules/sd_samplers_common.py), but rounded up: one step at strength 0.6 is the second of two here;
 * there it is the only one of one, and nothing of the picture is left.
 */
export function hiresSchedule({ steps, strength }: Hires): { numInferenceSteps: number; left: number } {
  const left = Math.max(1, Math.min(steps, Math.floor(MAX_STEPS * strength)));
  // 7 / 0.7 is slightly more than 10.
  const numInferenceSteps = Math.ceil(left / strength - 1e-9);
  return { numInferenceSteps: Math.min(MAX_STEPS, numInferenceSteps), left };
}

function needsImage(): AppError {
  const details = { kind: 'needs-image', field: 'image' } satisfies Fault;
  return new AppError('invalid-request', 'A refiner needs a picture to start from.', details);
}

function noStepLeft(steps: number, strength: number): AppError {
  const details = { kind: 'no-step-left', field: 'strength', strength, steps } satisfies Fault;
  const message = `Strength ${strength} leaves none of the ${steps} steps to run. Raise the strength or the steps.`;
  return new AppError('invalid-request', message, details);
}
