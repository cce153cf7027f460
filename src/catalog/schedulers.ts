/** Kinds of models by what they were trained or distilled for; a sampler is right for one of them. */
export type ModelKind = 'diffusion' | 'turbo' | 'lcm' | 'tcd' | 'flow';

export interface CatalogScheduler {
  readonly label: string;
  /** diffusers' class, and what of its configuration is not the repository's. */
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly about: string;
  /** The models it makes good pictures with. */
  readonly suits: readonly ModelKind[];
}

const PLAIN = { use_karras_sigmas: false, use_exponential_sigmas: false, use_beta_sigmas: false } as const;
const KARRAS = { ...PLAIN, use_karras_sigmas: true } as const;
const SECOND_ORDER = { algorithm_type: 'dpmsolver++', solver_order: 2, final_sigmas_type: 'zero' } as const;
const STOCHASTIC = { ...SECOND_ORDER, algorithm_type: 'sde-dpmsolver++' } as const;
const DIFFUSION = ['diffusion'] as const;

/** The samplers offered, under the names people know, in the order shown. */
export const SCHEDULERS = {
  'dpmpp-2m-karras': {
    label: 'DPM++ 2M Karras',
    className: 'DPMSolverMultistepScheduler',
    config: { ...SECOND_ORDER, ...KARRAS },
    about: 'Sharp in few steps: 15 to 25.',
    suits: DIFFUSION,
  },
  'dpmpp-2m': {
    label: 'DPM++ 2M',
    className: 'DPMSolverMultistepScheduler',
    config: { ...SECOND_ORDER, ...PLAIN },
    about: 'Good in few steps: 15 to 30.',
    suits: DIFFUSION,
  },
  'dpmpp-2m-sde-karras': {
    label: 'DPM++ 2M SDE Karras',
    className: 'DPMSolverMultistepScheduler',
    config: { ...STOCHASTIC, ...KARRAS },
    about: 'Fresh noise at every step, rich in detail: 20 to 40 steps.',
    suits: DIFFUSION,
  },
  'dpmpp-2m-sde': {
    label: 'DPM++ 2M SDE',
    className: 'DPMSolverMultistepScheduler',
    config: { ...STOCHASTIC, ...PLAIN },
    about: 'Fresh noise at every step: 25 to 50 steps.',
    suits: DIFFUSION,
  },
  'dpmpp-2s-karras': {
    label: 'DPM++ 2S Karras',
    className: 'DPMSolverSinglestepScheduler',
    config: { ...SECOND_ORDER, ...KARRAS },
    about: 'Two looks for every step of its own: 20 to 40 steps.',
    suits: DIFFUSION,
  },
  euler: {
    label: 'Euler',
    className: 'EulerDiscreteScheduler',
    config: PLAIN,
    about: 'Simple and predictable: 20 to 40 steps.',
    suits: ['diffusion', 'turbo'],
  },
  'euler-ancestral': {
    label: 'Euler a',
    className: 'EulerAncestralDiscreteScheduler',
    config: {},
    about: 'Fresh noise at every step: more steps, another picture.',
    suits: ['diffusion', 'turbo'],
  },
  heun: {
    label: 'Heun',
    className: 'HeunDiscreteScheduler',
    config: PLAIN,
    about: 'Looks twice at every step, takes twice the time: 10 to 20 steps.',
    suits: DIFFUSION,
  },
  dpm2: {
    label: 'DPM2',
    className: 'KDPM2DiscreteScheduler',
    config: PLAIN,
    about: 'Looks twice at every step, takes twice the time: 10 to 20 steps.',
    suits: DIFFUSION,
  },
  'dpm2-karras': {
    label: 'DPM2 Karras',
    className: 'KDPM2DiscreteScheduler',
    config: KARRAS,
    about: 'DPM2 with more of its steps near the end: 10 to 20.',
    suits: DIFFUSION,
  },
  'dpm2-ancestral': {
    label: 'DPM2 a',
    className: 'KDPM2AncestralDiscreteScheduler',
    config: PLAIN,
    about: 'DPM2 with fresh noise at every step: 15 to 30.',
    suits: DIFFUSION,
  },
  'dpm2-ancestral-karras': {
    label: 'DPM2 a Karras',
    className: 'KDPM2AncestralDiscreteScheduler',
    config: KARRAS,
    about: 'The same with more of its steps near the end: 15 to 30.',
    suits: DIFFUSION,
  },
  lms: {
    label: 'LMS',
    className: 'LMSDiscreteScheduler',
    config: PLAIN,
    about: 'Remembers its last four steps: 30 to 50.',
    suits: DIFFUSION,
  },
  'lms-karras': {
    label: 'LMS Karras',
    className: 'LMSDiscreteScheduler',
    config: KARRAS,
    about: 'LMS with more of its steps near the end: 20 to 40.',
    suits: DIFFUSION,
  },
  unipc: {
    label: 'UniPC',
    className: 'UniPCMultistepScheduler',
    config: { ...PLAIN, solver_order: 2, final_sigmas_type: 'zero' },
    about: 'Corrects each step by the next, good in very few: 10 to 20.',
    suits: DIFFUSION,
  },
  deis: {
    label: 'DEIS',
    className: 'DEISMultistepScheduler',
    config: { ...PLAIN, solver_order: 2 },
    about: 'Good in few steps: 15 to 25.',
    suits: DIFFUSION,
  },
  ddim: {
    label: 'DDIM',
    className: 'DDIMScheduler',
    config: {},
    about: 'The classic, close to the training: 20 to 50 steps.',
    suits: DIFFUSION,
  },
  pndm: {
    label: 'PNDM',
    className: 'PNDMScheduler',
    config: { skip_prk_steps: true },
    about: 'Also called PLMS, Stable Diffusion 1’s own: 30 to 50 steps.',
    suits: DIFFUSION,
  },
  ddpm: {
    label: 'DDPM',
    className: 'DDPMScheduler',
    config: {},
    about: 'The training’s noise undone step by step: 100 and more.',
    suits: DIFFUSION,
  },
  lcm: {
    label: 'LCM',
    className: 'LCMScheduler',
    config: {},
    about: 'For latent consistency models: 4 to 8 steps, guidance 1 to 2.',
    suits: ['lcm'],
  },
  tcd: {
    label: 'TCD',
    className: 'TCDScheduler',
    config: {},
    about: 'For trajectory consistency models: 4 to 8 steps, eta 0.3.',
    suits: ['tcd', 'lcm'],
  },
  'flow-euler': {
    label: 'Flow Euler',
    className: 'FlowMatchEulerDiscreteScheduler',
    config: PLAIN,
    about: 'For flow-matching models only.',
    suits: ['flow'],
  },
} as const satisfies Record<string, CatalogScheduler>;

export type SchedulerId = keyof typeof SCHEDULERS;
