import { refuseTooManySteps } from './too-many-steps.ts';

interface DistilledConfig {
  readonly num_train_timesteps: number;
  readonly original_inference_steps: number;
}

/**
 * `steps` timesteps, descending, chosen evenly from those that a consistency model was distilled on
 * (set_timesteps of diffusers' LCMScheduler and TCDScheduler).
 * @throws AppError invalid-request for more steps than there are
 */
export function distilledTimesteps(config: DistilledConfig, steps: number): number[] {
  const { num_train_timesteps: count, original_inference_steps: distilled } = config;
  refuseTooManySteps(steps, distilled);
  const stride = Math.floor(count / distilled);
  return Array.from({ length: steps }, (_, i) => {
    const index = Math.floor(i * (distilled / steps));
    return (distilled - index) * stride - 1;
  });
}
