import { expect, test } from 'vitest';
import { createScheduler } from './index.ts';

// diffusers 0.42.1: FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True, …), then set_timesteps(steps, mu=mu) with the mu
// of StableDiffusion3Pipeline's calculate_shift(image_seq_len).
test.each([
  [96, {}, [1, 0.82819134, 0.61654681, 0.34939501, 0.001603698, 0]],
  [4096, { shift: 3 }, [1, 0.86349744, 0.61297888, 0.0031513916, 0]],
  [1024, { time_shift_type: 'linear' }, [1, 0.5578922, 0.24009037, 0.0006302332, 0]],
  [1024, { shift_terminal: 0.1 }, [1, 0.8106032, 0.53559941, 0.1, 0]],
])('with dynamic shifting, %i image tokens and %j the noise levels are diffusers’', (tokens, config, sigmas) => {
  const dynamic = { use_dynamic_shifting: true, base_shift: 0.5, max_shift: 1.15, ...config };
  const scheduler = createScheduler('FlowMatchEulerDiscreteScheduler', dynamic);
  const plan = scheduler.plan(sigmas.length - 1, tokens);
  expect(plan.sigmas).toHaveLength(sigmas.length);
  for (const [i, sigma] of sigmas.entries()) expect(plan.sigmas?.[i]).toBeCloseTo(sigma, 6);
});
