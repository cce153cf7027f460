import type { SCHEDULERS } from '../catalog/schedulers.ts';
import {
  DDIMConfig,
  DPMSolverMultistepConfig,
  EulerAncestralDiscreteConfig,
  EulerDiscreteConfig,
  LCMConfig,
  PNDMConfig,
  parseSchedulerConfig,
} from './config.ts';
import { ddim } from './ddim.ts';
import { dpmSolverMultistep } from './dpm-multistep.ts';
import { eulerDiscrete } from './euler.ts';
import { eulerAncestralDiscrete } from './euler-ancestral.ts';
import { lcm } from './lcm.ts';
import { pndm } from './pndm.ts';
import type { Scheduler } from './scheduler.ts';

/** A class of diffusers.schedulers. The catalogue cannot name one that is not here. */
export type SchedulerClass = (typeof SCHEDULERS)[keyof typeof SCHEDULERS]['className'];

const CLASSES: Record<SchedulerClass, (json: unknown) => Scheduler> = {
  DDIMScheduler: (json) => ddim(parseSchedulerConfig('DDIMScheduler', DDIMConfig, json)),
  PNDMScheduler: (json) => pndm(parseSchedulerConfig('PNDMScheduler', PNDMConfig, json)),
  EulerDiscreteScheduler: (json) =>
    eulerDiscrete(parseSchedulerConfig('EulerDiscreteScheduler', EulerDiscreteConfig, json)),
  EulerAncestralDiscreteScheduler: (json) =>
    eulerAncestralDiscrete(
      parseSchedulerConfig('EulerAncestralDiscreteScheduler', EulerAncestralDiscreteConfig, json),
    ),
  LCMScheduler: (json) => lcm(parseSchedulerConfig('LCMScheduler', LCMConfig, json)),
  DPMSolverMultistepScheduler: (json) =>
    dpmSolverMultistep(parseSchedulerConfig('DPMSolverMultistepScheduler', DPMSolverMultistepConfig, json)),
};

/**
 * A scheduler from its class and scheduler_config.json, of whatever class that was written for: `from_config`.
 * @throws AppError unsupported-model naming the key and value that no code is written for
 */
export function createScheduler(
  className: SchedulerClass,
  config: Readonly<Record<string, unknown>>,
): Scheduler {
  return CLASSES[className](config);
}
