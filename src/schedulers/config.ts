import * as v from 'valibot';
import { AppError } from '../protocol/errors.ts';

/**
 * scheduler_config.json by diffusers' own keys. What a class does not list it ignores, as from_config does; what it
 * lists and cannot do is refused by name.
 */

const flag = (fallback: boolean) => v.optional(v.boolean(), fallback);
const off = v.nullish(v.literal(false));

/** The training noise schedule, the same in every class. */
export const training = {
  num_train_timesteps: v.optional(v.number(), 1000),
  beta_start: v.optional(v.number(), 0.0001),
  beta_end: v.optional(v.number(), 0.02),
  beta_schedule: v.optional(v.picklist(['linear', 'scaled_linear', 'squaredcos_cap_v2']), 'linear'),
  trained_betas: v.nullish(v.array(v.number())),
};

const predictions = v.picklist(['epsilon', 'v_prediction', 'sample']);
const spacing = v.picklist(['linspace', 'leading', 'trailing']);
export type PredictionType = v.InferOutput<typeof predictions>;
export type TimestepSpacing = v.InferOutput<typeof spacing>;

export const DDIMConfig = v.object({
  ...training,
  prediction_type: v.optional(predictions, 'epsilon'),
  timestep_spacing: v.optional(spacing, 'leading'),
  steps_offset: v.optional(v.number(), 0),
  set_alpha_to_one: flag(true),
  clip_sample: flag(true),
  clip_sample_range: v.optional(v.number(), 1),
  rescale_betas_zero_snr: flag(false),
  thresholding: off,
});

export const PNDMConfig = v.object({
  ...training,
  prediction_type: v.optional(v.picklist(['epsilon', 'v_prediction']), 'epsilon'),
  timestep_spacing: v.optional(spacing, 'leading'),
  steps_offset: v.optional(v.number(), 0),
  set_alpha_to_one: flag(false),
  skip_prk_steps: v.literal(true),
});

export const EulerDiscreteConfig = v.object({
  ...training,
  prediction_type: v.optional(predictions, 'epsilon'),
  timestep_spacing: v.optional(spacing, 'linspace'),
  steps_offset: v.optional(v.number(), 0),
  use_karras_sigmas: flag(false),
  rescale_betas_zero_snr: flag(false),
  final_sigmas_type: v.optional(v.picklist(['zero', 'sigma_min']), 'zero'),
  sigma_min: v.nullish(v.number()),
  sigma_max: v.nullish(v.number()),
  interpolation_type: v.nullish(v.literal('linear')),
  timestep_type: v.nullish(v.literal('discrete')),
  use_exponential_sigmas: off,
  use_beta_sigmas: off,
});

export const EulerAncestralDiscreteConfig = v.object({
  ...training,
  prediction_type: v.optional(v.picklist(['epsilon', 'v_prediction']), 'epsilon'),
  timestep_spacing: v.optional(spacing, 'linspace'),
  steps_offset: v.optional(v.number(), 0),
  rescale_betas_zero_snr: flag(false),
});

export const LCMConfig = v.object({
  num_train_timesteps: training.num_train_timesteps,
  beta_start: v.optional(v.number(), 0.00085),
  beta_end: v.optional(v.number(), 0.012),
  beta_schedule: v.optional(training.beta_schedule.wrapped, 'scaled_linear'),
  trained_betas: training.trained_betas,
  prediction_type: v.optional(predictions, 'epsilon'),
  original_inference_steps: v.optional(v.number(), 50),
  timestep_scaling: v.optional(v.number(), 10),
  clip_sample: flag(false),
  clip_sample_range: v.optional(v.number(), 1),
  rescale_betas_zero_snr: flag(false),
  thresholding: off,
});

export const DPMSolverMultistepConfig = v.object({
  ...training,
  prediction_type: v.optional(predictions, 'epsilon'),
  timestep_spacing: v.optional(spacing, 'linspace'),
  steps_offset: v.optional(v.number(), 0),
  use_karras_sigmas: flag(false),
  rescale_betas_zero_snr: flag(false),
  final_sigmas_type: v.optional(v.picklist(['zero', 'sigma_min']), 'zero'),
  algorithm_type: v.nullish(v.literal('dpmsolver++')),
  solver_order: v.optional(v.picklist([1, 2]), 2),
  solver_type: v.optional(v.picklist(['midpoint', 'heun']), 'midpoint'),
  lower_order_final: flag(true),
  euler_at_final: flag(false),
  variance_type: v.nullish(v.picklist(['fixed_small', 'fixed_small_log', 'fixed_large', 'fixed_large_log'])),
  lambda_min_clipped: v.nullish(v.literal(Number.NEGATIVE_INFINITY)),
  thresholding: off,
  use_exponential_sigmas: off,
  use_beta_sigmas: off,
  use_lu_lambdas: off,
  use_flow_sigmas: off,
});

/** @throws AppError unsupported-model naming the class, the key and the value */
export function parseSchedulerConfig<const Schema extends v.GenericSchema>(
  className: string,
  schema: Schema,
  json: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, json);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = v.getDotPath(issue) ?? 'scheduler_config.json';
  const details = { component: className, key, expected: issue.expected ?? '', found: issue.received };
  throw new AppError(
    'unsupported-model',
    `${className}: ${key} is ${issue.received}; supported: ${issue.expected}.`,
    details,
  );
}
