import * as v from 'valibot';
import { edm, edmPlan, edmSigmas, preconditionInputs, preconditionOutputs } from './edm.ts';
import type { Plan, Scheduler, Stepper } from './scheduler.ts';
import { addSigmaNoise, derivativeOf, moveAlong } from './variance-exploding.ts';

/** EDMEulerScheduler's scheduler_config.json. */
export const EDMEulerConfig = v.object(edm);

/** EDMEulerScheduler (diffusers schedulers/scheduling_edm_euler.py; Karras et al. 2022, algorithm 2, no churn). */
export function edmEuler(config: v.InferOutput<typeof EDMEulerConfig>): Scheduler {
  const plan = (numInferenceSteps: number): Plan => {
    const sigmas = edmSigmas(config, numInferenceSteps);
    return edmPlan(config, sigmas, config.final_sigmas_type === 'zero' ? 0 : (sigmas.at(-1) as number));
  };

  const start = ({ sigmas }: Plan): Stepper => {
    const sigmaAt = (i: number) => sigmas?.[i] as number;
    return {
      scaleModelInput: (sample, i) => preconditionInputs(config, sample, sigmaAt(i)),
      step: (output, sample, i) => {
        const sigma = sigmaAt(i);
        const original = preconditionOutputs(config, output, sample, sigma);
        return moveAlong(sample, derivativeOf(sample, original, sigma), Math.fround(sigmaAt(i + 1) - sigma));
      },
    };
  };
  return { order: 1, sigmaData: config.sigma_data, plan, start, addNoise: addSigmaNoise };
}
