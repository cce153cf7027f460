import * as v from 'valibot';

/**
 * Parts of the schedulers' scheduler_config.json, with diffusers' keys. A class ignores keys that it does not list, as
 * from_config does. A listed key whose value no code is written for is refused, and the error names it.
 */

/** A switch with its default. */
export const flag = (fallback: boolean) => v.optional(v.boolean(), fallback);
/** A number with its default. */
export const number = (fallback: number) => v.optional(v.number(), fallback);
/** A switch that must be off. */
export const off = v.nullish(v.literal(false));

/** The noise schedule of the training, the same in every class. */
export const training = {
  num_train_timesteps: number(1000),
  beta_start: number(0.0001),
  beta_end: number(0.02),
  beta_schedule: v.optional(v.picklist(['linear', 'scaled_linear', 'squaredcos_cap_v2']), 'linear'),
  trained_betas: v.nullish(v.array(v.number())),
};

/** The noise schedule with the defaults of the consistency models' schedulers. */
export const consistencyTraining = {
  ...training,
  beta_start: number(0.00085),
  beta_end: number(0.012),
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
  steps_offset: number(0),
});

/** A noise level above none. */
const sigma = v.nullish(v.pipe(v.number(), v.gtValue(0)));

/** Which curve the noise levels follow, at most one of them, and the levels it ends and begins with. */
export const sigmaCurves = {
  use_karras_sigmas: v.nullish(v.boolean()),
  use_exponential_sigmas: v.nullish(v.boolean()),
  use_beta_sigmas: v.nullish(v.boolean()),
  sigma_min: sigma,
  sigma_max: sigma,
};

/** The noise level after the last step: none, or the training's lowest. */
export const finalSigmas = { final_sigmas_type: v.optional(v.picklist(['zero', 'sigma_min']), 'zero') };

/** Dynamic thresholding of the clean sample. */
export const thresholding = {
  thresholding: v.nullish(v.boolean()),
  dynamic_thresholding_ratio: number(0.995),
  sample_max_value: number(1),
};

/** A fixed range for the clean sample. */
export const clipSample = (fallback: boolean) => ({
  clip_sample: flag(fallback),
  clip_sample_range: number(1),
});

/** solver_type; a name that only other solvers know becomes the default, as in diffusers (golden/scheduler_switches.py). */
export const solverType = <const Own extends string>(own: readonly [Own, ...Own[]], fallback: Own) =>
  v.pipe(
    v.optional(v.picklist([...own, 'midpoint', 'heun', 'bh1', 'bh2', 'logrho']), fallback),
    v.transform((type) => own.find((name) => name === type) ?? fallback),
  );
