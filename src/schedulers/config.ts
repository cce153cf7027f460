import * as v from 'valibot';
import { between, factor, TRAINING_STEPS, whole } from '../numerics/bounds.ts';
import { SCHEDULE_TYPES } from './schedule-types.ts';

/**
 * Parts of the schedulers' scheduler_config.json, with diffusers' keys. A class ignores keys that it does not list, as
 * from_config does. A listed key whose value no code is written for is refused, and the error names it.
 */

/** A switch with its default. */
export const flag = (fallback: boolean) => v.optional(v.boolean(), fallback);
const anyNumber = between(-1e6, 1e6);
/** From 0 on, and never all there is: the noise that one training step adds. */
export const belowOne = v.pipe(v.number(), v.minValue(0), v.ltValue(1));

/** What each number of a scheduler_config.json may be, whichever class reads it. */
const NUMBERS = {
  num_train_timesteps: whole(1, TRAINING_STEPS),
  beta_start: belowOne,
  beta_end: belowOne,
  steps_offset: whole(0, TRAINING_STEPS),
  original_inference_steps: whole(1, TRAINING_STEPS),
  timestep_scaling: factor,
  dynamic_thresholding_ratio: between(0, 1),
  sample_max_value: factor,
  clip_sample_range: factor,
  shift: factor,
  /** Noise levels above none. */
  sigma_min: factor,
  sigma_max: factor,
  sigma_data: factor,
  rho: factor,
  base_shift: anyNumber,
  max_shift: anyNumber,
  base_image_seq_len: whole(1, 1e6),
  max_image_seq_len: whole(1, 1e6),
};
const LISTS = {
  trained_betas: v.pipe(v.array(belowOne), v.minLength(1), v.maxLength(TRAINING_STEPS)),
  disable_corrector: v.pipe(v.array(whole(0, TRAINING_STEPS)), v.maxLength(TRAINING_STEPS)),
};

/** A number with its default. */
export const number = (key: keyof typeof NUMBERS, fallback: number) => v.optional(NUMBERS[key], fallback);
/** A switch that must be off. */
export const off = v.nullish(v.literal(false));

/** The noise schedule of the training, the same in every class. */
export const training = {
  num_train_timesteps: number('num_train_timesteps', 1000),
  beta_start: number('beta_start', 0.0001),
  beta_end: number('beta_end', 0.02),
  beta_schedule: v.optional(v.picklist(['linear', 'scaled_linear', 'squaredcos_cap_v2']), 'linear'),
  trained_betas: v.nullish(LISTS.trained_betas),
};

/** The noise schedule with the defaults of the consistency models' schedulers. */
export const consistencyTraining = {
  ...training,
  beta_start: number('beta_start', 0.00085),
  beta_end: number('beta_end', 0.012),
  beta_schedule: v.optional(training.beta_schedule.wrapped, 'scaled_linear'),
};

/** What a model output is: the noise ε, the velocity v, or the clean sample. */
export const predictions = v.picklist(['epsilon', 'v_prediction', 'sample']);
/** The same where a clean sample is not supported. */
export const noisePredictions = v.picklist(['epsilon', 'v_prediction']);
const spacings = v.picklist(['linspace', 'leading', 'trailing']);
export type PredictionType = v.InferOutput<typeof predictions>;
export type TimestepSpacing = v.InferOutput<typeof spacings>;

/** How the timesteps of a run are chosen. */
export const spacing = (fallback: TimestepSpacing) => ({
  timestep_spacing: v.optional(spacings, fallback),
  steps_offset: number('steps_offset', 0),
});

/** Which curve the noise levels follow, at most one of them, and the levels it ends and begins with. */
export const sigmaCurves = {
  use_karras_sigmas: v.nullish(v.boolean()),
  use_exponential_sigmas: v.nullish(v.boolean()),
  use_beta_sigmas: v.nullish(v.boolean()),
  /** Safelight's own key: A1111's schedule type, in the place of a curve. */
  schedule_type: v.nullish(v.picklist(SCHEDULE_TYPES)),
  /** Safelight's own key: the levels of Align Your Steps for the kind of model. */
  align_your_steps: v.nullish(v.pipe(v.array(factor), v.minLength(2))),
  sigma_min: v.nullish(NUMBERS.sigma_min),
  sigma_max: v.nullish(NUMBERS.sigma_max),
};

/** The noise level after the last step: none, or the training's lowest. */
export const finalSigmas = { final_sigmas_type: v.optional(v.picklist(['zero', 'sigma_min']), 'zero') };

/** Dynamic thresholding of the clean sample. */
export const thresholding = {
  thresholding: v.nullish(v.boolean()),
  dynamic_thresholding_ratio: number('dynamic_thresholding_ratio', 0.995),
  sample_max_value: number('sample_max_value', 1),
};

/** A fixed range for the clean sample. */
export const clipSample = (fallback: boolean) => ({
  clip_sample: flag(fallback),
  clip_sample_range: number('clip_sample_range', 1),
});

/** solver_type; a name that only other solvers know becomes the default, as in diffusers (golden/scheduler_switches.py). */
export const solverType = <const Own extends string>(own: readonly [Own, ...Own[]], fallback: Own) =>
  v.pipe(
    v.optional(v.picklist([...own, 'midpoint', 'heun', 'bh1', 'bh2', 'logrho']), fallback),
    v.transform((type) => own.find((name) => name === type) ?? fallback),
  );

/** Rounds of UniPC that are not corrected. */
export const disabledCorrector = v.optional(LISTS.disable_corrector, []);

const nullish = <const Entries extends Readonly<Record<string, v.GenericSchema>>>(entries: Entries) =>
  Object.fromEntries(Object.entries(entries).map(([key, schema]) => [key, v.nullish(schema)]));

type Numbers = Readonly<Record<string, unknown>>;
const trainingSteps = ({ num_train_timesteps: steps }: Numbers) => Number(steps ?? 1000);

/**
 * The numbers of a scheduler_config.json, for whichever sampler will read it: each is one that a sampler can work with. A
 * choice that a class does not have is that class' own to refuse.
 */
export const SchedulerNumbers = v.pipe(
  v.looseObject(nullish({ ...NUMBERS, ...LISTS, shift_terminal: belowOne })),
  v.forward(
    v.check((config: Numbers) => {
      const { trained_betas: betas } = config;
      return !Array.isArray(betas) || betas.length === trainingSteps(config);
    }, 'one for each training step'),
    ['trained_betas'],
  ),
  v.forward(
    v.check(
      (config: Numbers) => Number(config.original_inference_steps ?? 1) <= trainingSteps(config),
      'at most num_train_timesteps',
    ),
    ['original_inference_steps'],
  ),
);
