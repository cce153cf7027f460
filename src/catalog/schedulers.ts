/** The samplers offered, under the names people know. `className` and `config` are diffusers'. */
export const SCHEDULERS = {
  'dpmpp-2m-karras': {
    label: 'DPM++ 2M Karras',
    className: 'DPMSolverMultistepScheduler',
    config: { algorithm_type: 'dpmsolver++', solver_order: 2, use_karras_sigmas: true },
    about: 'Sharp in few steps: 15 to 25.',
  },
  'dpmpp-2m': {
    label: 'DPM++ 2M',
    className: 'DPMSolverMultistepScheduler',
    config: { algorithm_type: 'dpmsolver++', solver_order: 2, use_karras_sigmas: false },
    about: 'Good in few steps: 15 to 30.',
  },
  euler: {
    label: 'Euler',
    className: 'EulerDiscreteScheduler',
    config: {},
    about: 'Simple and predictable: 20 to 40 steps.',
  },
  'euler-ancestral': {
    label: 'Euler a',
    className: 'EulerAncestralDiscreteScheduler',
    config: {},
    about: 'Fresh noise at every step: more steps, another picture.',
  },
  ddim: {
    label: 'DDIM',
    className: 'DDIMScheduler',
    config: {},
    about: 'The classic, close to the training: 20 to 50 steps.',
  },
  lcm: {
    label: 'LCM',
    className: 'LCMScheduler',
    config: {},
    about: 'For latent consistency models: 4 to 8 steps.',
  },
  pndm: {
    label: 'PNDM',
    className: 'PNDMScheduler',
    config: { skip_prk_steps: true },
    about: 'Stable Diffusion 1’s own: 30 to 50 steps.',
  },
} as const;

export type SchedulerId = keyof typeof SCHEDULERS;
