import * as v from 'valibot';

/**
 * What the configurations share: scheduler_config.json by diffusers' own keys. What a class does not list it ignores,
 * as from_config does; what it lists and cannot do is refused by name.
 */

export const flag = (fallback: boolean) => v.optional(v.boolean(), fallback);
export const number = (fallback: number) => v.optional(v.number(), fallback);
/** A switch that no code is written for. */
export const off = v.nullish(v.literal(false));

/** The training noise schedule, the same in every class. */
export const training = {
  num_train_timesteps: number(1000),
  beta_start: number(0.0001),
  beta_end: number(0.02),
  beta_schedule: v.optional(v.picklist(['linear', 'scaled_linear', 'squaredcos_cap_v2']), 'linear'),
  trained_betas: v.nullish(v.array(v.number())),
};

/** The same with the defaults of the consistency models' schedulers. */
export const consistencyTraining = {
  ...training,
  beta_start: number(0.00085),
  beta_end: number(0.012),
  beta_schedule: v.optional(training.beta_schedule.wrapped, 'scaled_linear'),
};

export const predictions = v.picklist(['epsilon', 'v_prediction', 'sample']);
export const noisePredictions = v.picklist(['epsilon', 'v_prediction']);
const spacings = v.picklist(['linspace', 'leading', 'trailing']);
export type PredictionType = v.InferOutput<typeof predictions>;
export type TimestepSpacing = v.InferOutput<typeof spacings>;

export const spacing = (fallback: TimestepSpacing) => ({
  timestep_spacing: v.optional(spacings, fallback),
  steps_offset: number(0),
});

/** Which curve the noise levels follow; at most one of them is set. */
export const sigmaCurves = {
  use_karras_sigmas: v.nullish(v.boolean()),
  use_exponential_sigmas: v.nullish(v.boolean()),
  use_beta_sigmas: v.nullish(v.boolean()),
};

export const finalSigmas = { final_sigmas_type: v.optional(v.picklist(['zero', 'sigma_min']), 'zero') };

export const thresholding = {
  thresholding: v.nullish(v.boolean()),
  dynamic_thresholding_ratio: number(0.995),
  sample_max_value: number(1),
};

export const clipSample = (fallback: boolean) => ({
  clip_sample: flag(fallback),
  clip_sample_range: number(1),
});

/** What solver_type other solvers know under their own name for it. */
export const solverType = <const Own extends string>(own: readonly [Own, ...Own[]], fallback: Own) =>
  v.pipe(
    v.optional(v.picklist([...own, 'midpoint', 'heun', 'bh1', 'bh2', 'logrho']), fallback),
    v.transform((type) => own.find((name) => name === type) ?? fallback),
  );
