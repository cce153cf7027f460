import * as v from 'valibot';
import { flag, solverType, thresholding } from './config.ts';
import { multistep } from './dpm-solver-multistep.ts';
import { edm, edmPlan, edmSigmas, preconditionInputs, preconditionOutputs } from './edm.ts';
import { boundOriginalSample } from './prediction.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import type { Level } from './solver.ts';
import { addSigmaNoise } from './variance-exploding.ts';

const f = Math.fround;
const algorithms = ['dpmsolver++', 'sde-dpmsolver++'] as const;

/** EDMDPMSolverMultistepScheduler's scheduler_config.json. */
export const EDMDPMSolverMultistepConfig = v.object({
  ...edm,
  ...thresholding,
  algorithm_type: v.pipe(
    v.optional(v.picklist([...algorithms, 'deis']), 'dpmsolver++'),
    v.transform((type): (typeof algorithms)[number] => (type === 'deis' ? 'dpmsolver++' : type)),
  ),
  solver_order: v.optional(v.picklist([1, 2, 3]), 2),
  solver_type: solverType(['midpoint', 'heun'], 'midpoint'),
  lower_order_final: flag(true),
  euler_at_final: flag(false),
});

/**
 * EDMDPMSolverMultistepScheduler (diffusers schedulers/scheduling_edm_dpmsolver_multistep.py). In order 3 with fresh noise,
 * where diffusers fails, it goes as DPMSolverMultistepScheduler does.
 */
export function edmDPMSolverMultistep(config: v.InferOutput<typeof EDMDPMSolverMultistepConfig>): Scheduler {
  const plan = (numInferenceSteps: number): Plan => {
    const sigmas = edmSigmas(config, numInferenceSteps, f);
    return edmPlan(config, sigmas, config.final_sigmas_type === 'zero' ? 0 : config.sigma_min);
  };

  const start: Scheduler['start'] = ({ sigmas }, random): Stepper => {
    const levels = Array.from(sigmas ?? [], unscaledLevel);
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    const step = multistep(config, levels, random);
    return {
      scaleModelInput: (sample, i) => preconditionInputs(config, sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const original = preconditionOutputs(config, output, sample, sigmaAt(i));
        return step(boundOriginalSample(config, original), sample, i);
      },
    };
  };
  return { order: 1, sigmaData: config.sigma_data, plan, start, addNoise: addSigmaNoise };
}

/** A level of samples that are not scaled: x₀ + sigma · ε. */
const unscaledLevel = (sigma: number): Level => ({ alpha: 1, sigma, lambda: -f(Math.log(sigma)) });
