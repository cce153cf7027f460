import * as v from 'valibot';
import type { SCHEDULERS } from '../catalog/schedulers.ts';
import { parseConfig } from '../protocol/parse-config.ts';
import type { PredictionType } from './config.ts';
import { DDIMConfig, ddim } from './ddim.ts';
import { DDPMConfig, ddpm } from './ddpm.ts';
import { DEISMultistepConfig, deisMultistep } from './deis-multistep.ts';
import { DPMSolverMultistepConfig, dpmSolverMultistep } from './dpm-solver-multistep.ts';
import { DPMSolverSinglestepConfig, dpmSolverSinglestep } from './dpm-solver-singlestep.ts';
import { KDPM2Config, kdpm2AncestralDiscrete, kdpm2Discrete } from './dpm2.ts';
import { DPMPP3MSDEConfig, dpmpp3mSDE } from './dpmpp-3m-sde.ts';
import { EDMDPMSolverMultistepConfig, edmDPMSolverMultistep } from './edm-dpm-solver-multistep.ts';
import { EDMEulerConfig, edmEuler } from './edm-euler.ts';
import { EulerDiscreteConfig, eulerDiscrete } from './euler.ts';
import { EulerAncestralDiscreteConfig, eulerAncestralDiscrete } from './euler-ancestral.ts';
import { FlowMatchEulerDiscreteConfig, flowMatchEulerDiscrete } from './flow-match-euler.ts';
import { HeunDiscreteConfig, heunDiscrete } from './heun.ts';
import { LCMConfig, lcm } from './lcm.ts';
import { LMSDiscreteConfig, lmsDiscrete } from './lms.ts';
import { type Sampler, withOriginalSample } from './original-sample.ts';
import { PNDMConfig, pndm } from './pndm.ts';
import type { Scheduler } from './scheduler.ts';
import { TCDConfig, tcd } from './tcd.ts';
import { UniPCMultistepConfig, uniPCMultistep } from './unipc-multistep.ts';

/** A class of diffusers.schedulers that the catalogue names, or k-diffusion's DPMPP3MSDE; each has its entry here. */
export type SchedulerClass = (typeof SCHEDULERS)[keyof typeof SCHEDULERS]['className'];

interface Entry {
  readonly schema: v.GenericSchema;
  readonly create: (className: SchedulerClass, json: unknown) => Sampler;
}

const from = <const Schema extends v.GenericSchema>(
  schema: Schema,
  create: (config: v.InferOutput<Schema>) => Scheduler,
): Entry => ({
  schema,
  create: (className, json) => {
    const config = parseConfig(className, schema, json, 'sampler');
    const { prediction_type: type = 'flow' } = config as { readonly prediction_type?: PredictionType };
    return withOriginalSample(create(config), type);
  },
});

const CLASSES: Record<SchedulerClass, Entry> = {
  DDIMScheduler: from(DDIMConfig, ddim),
  DDPMScheduler: from(DDPMConfig, ddpm),
  DEISMultistepScheduler: from(DEISMultistepConfig, deisMultistep),
  DPMSolverMultistepScheduler: from(DPMSolverMultistepConfig, dpmSolverMultistep),
  DPMSolverSinglestepScheduler: from(DPMSolverSinglestepConfig, dpmSolverSinglestep),
  DPMPP3MSDE: from(DPMPP3MSDEConfig, dpmpp3mSDE),
  EDMDPMSolverMultistepScheduler: from(EDMDPMSolverMultistepConfig, edmDPMSolverMultistep),
  EDMEulerScheduler: from(EDMEulerConfig, edmEuler),
  EulerAncestralDiscreteScheduler: from(EulerAncestralDiscreteConfig, eulerAncestralDiscrete),
  EulerDiscreteScheduler: from(EulerDiscreteConfig, eulerDiscrete),
  FlowMatchEulerDiscreteScheduler: from(FlowMatchEulerDiscreteConfig, flowMatchEulerDiscrete),
  HeunDiscreteScheduler: from(HeunDiscreteConfig, heunDiscrete),
  KDPM2AncestralDiscreteScheduler: from(KDPM2Config, kdpm2AncestralDiscrete),
  KDPM2DiscreteScheduler: from(KDPM2Config, kdpm2Discrete),
  LCMScheduler: from(LCMConfig, lcm),
  LMSDiscreteScheduler: from(LMSDiscreteConfig, lmsDiscrete),
  PNDMScheduler: from(PNDMConfig, pndm),
  TCDScheduler: from(TCDConfig, tcd),
  UniPCMultistepScheduler: from(UniPCMultistepConfig, uniPCMultistep),
};

/** Whether code is written for a class of diffusers.schedulers. */
export const isSchedulerClass = (className: string): className is SchedulerClass =>
  Object.hasOwn(CLASSES, className);

/**
 * A scheduler of this class, from the scheduler_config.json of any class: diffusers' `from_config`.
 * @throws AppError unsupported-model naming the key and the value that no code is written for
 */
export function createScheduler(
  className: SchedulerClass,
  config: Readonly<Record<string, unknown>>,
): Sampler {
  return CLASSES[className].create(className, config);
}

/** Keys of which a class replaces what only other classes know when it is built (diffusers' `register_to_config`). */
const REPLACED = ['solver_type', 'algorithm_type'];

/**
 * A configuration as its own class leaves it when it is built: what another class is made from, in diffusers' `from_config`.
 * Values that no code is written for stay, and so does the configuration of an unknown class.
 */
export function registeredConfig(
  className: string,
  config: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (!isSchedulerClass(className)) return config;
  const { schema } = CLASSES[className];
  const replaced = REPLACED.filter((key) => key in config).flatMap((key) => {
    const parsed = v.safeParse(schema, { [key]: config[key] });
    const output = parsed.success ? (parsed.output as Readonly<Record<string, unknown>>) : {};
    return key in output ? [[key, output[key]] as const] : [];
  });
  return { ...config, ...Object.fromEntries(replaced) };
}
