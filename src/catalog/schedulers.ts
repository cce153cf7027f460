/** What a model was trained or distilled for: each kind needs samplers of its own. */
export const MODEL_KINDS = ['diffusion', 'turbo', 'lcm', 'tcd', 'flow', 'edm'] as const;
export type ModelKind = (typeof MODEL_KINDS)[number];

/** A sampler that can be chosen. */
export interface CatalogScheduler {
  /** The name people know it by, which is A1111's. */
  readonly label: string;
  /** diffusers' class; k-diffusion's sampler where diffusers has none. */
  readonly className: string;
  /** What in its configuration overrides the model's own. */
  readonly config: Readonly<Record<string, unknown>>;
  /** The kinds of models it makes good pictures with. */
  readonly suits: readonly ModelKind[];
  /** Its noise levels are part of it: it follows no other schedule. */
  readonly hasOwnSchedule?: true;
  /** Whether the class's `step` reads eta, the weight of its fresh noise. */
  readonly readsEta?: true;
}

/** No curve. */
export const PLAIN = {
  use_karras_sigmas: false,
  use_exponential_sigmas: false,
  use_beta_sigmas: false,
} as const;
export const KARRAS = { ...PLAIN, use_karras_sigmas: true } as const;
const EXPONENTIAL = { ...PLAIN, use_exponential_sigmas: true } as const;
const SECOND_ORDER = { algorithm_type: 'dpmsolver++', solver_order: 2, final_sigmas_type: 'zero' } as const;
const STOCHASTIC = { ...SECOND_ORDER, algorithm_type: 'sde-dpmsolver++' } as const;
const DIFFUSION = ['diffusion'] as const;

/** The samplers, in the order shown. */
export const SCHEDULERS = {
  'dpmpp-2m-karras': {
    label: 'DPM++ 2M Karras',
    className: 'DPMSolverMultistepScheduler',
    config: { ...SECOND_ORDER, ...KARRAS },
    suits: DIFFUSION,
  },
  'dpmpp-2m': {
    label: 'DPM++ 2M',
    className: 'DPMSolverMultistepScheduler',
    config: { ...SECOND_ORDER, ...PLAIN },
    suits: DIFFUSION,
  },
  'dpmpp-2m-sde-karras': {
    label: 'DPM++ 2M SDE Karras',
    className: 'DPMSolverMultistepScheduler',
    config: { ...STOCHASTIC, ...KARRAS },
    suits: DIFFUSION,
  },
  'dpmpp-2m-sde': {
    label: 'DPM++ 2M SDE',
    className: 'DPMSolverMultistepScheduler',
    config: { ...STOCHASTIC, ...PLAIN },
    suits: DIFFUSION,
  },
  'dpmpp-2m-sde-exponential': {
    label: 'DPM++ 2M SDE Exponential',
    className: 'DPMSolverMultistepScheduler',
    config: { ...STOCHASTIC, ...EXPONENTIAL },
    suits: DIFFUSION,
  },
  'dpmpp-3m-sde': {
    label: 'DPM++ 3M SDE',
    className: 'DPMPP3MSDE',
    config: EXPONENTIAL,
    suits: DIFFUSION,
  },
  'dpmpp-2s': {
    label: 'DPM++ 2S',
    className: 'DPMSolverSinglestepScheduler',
    config: { ...SECOND_ORDER, ...PLAIN },
    suits: DIFFUSION,
  },
  'dpmpp-2s-karras': {
    label: 'DPM++ 2S Karras',
    className: 'DPMSolverSinglestepScheduler',
    config: { ...SECOND_ORDER, ...KARRAS },
    suits: DIFFUSION,
  },
  euler: {
    label: 'Euler',
    className: 'EulerDiscreteScheduler',
    config: PLAIN,
    suits: ['diffusion', 'turbo'],
  },
  'euler-trailing': {
    label: 'Euler trailing',
    className: 'EulerDiscreteScheduler',
    config: { ...PLAIN, timestep_spacing: 'trailing' },
    suits: ['turbo'],
    hasOwnSchedule: true,
  },
  'euler-karras': {
    label: 'Euler Karras',
    className: 'EulerDiscreteScheduler',
    config: KARRAS,
    suits: DIFFUSION,
  },
  'euler-ancestral': {
    label: 'Euler a',
    className: 'EulerAncestralDiscreteScheduler',
    config: PLAIN,
    suits: ['diffusion', 'turbo'],
  },
  heun: {
    label: 'Heun',
    className: 'HeunDiscreteScheduler',
    config: PLAIN,
    suits: DIFFUSION,
  },
  'heun-karras': {
    label: 'Heun Karras',
    className: 'HeunDiscreteScheduler',
    config: KARRAS,
    suits: DIFFUSION,
  },
  dpm2: {
    label: 'DPM2',
    className: 'KDPM2DiscreteScheduler',
    config: PLAIN,
    suits: DIFFUSION,
  },
  'dpm2-karras': {
    label: 'DPM2 Karras',
    className: 'KDPM2DiscreteScheduler',
    config: KARRAS,
    suits: DIFFUSION,
  },
  'dpm2-ancestral': {
    label: 'DPM2 a',
    className: 'KDPM2AncestralDiscreteScheduler',
    config: PLAIN,
    suits: DIFFUSION,
  },
  'dpm2-ancestral-karras': {
    label: 'DPM2 a Karras',
    className: 'KDPM2AncestralDiscreteScheduler',
    config: KARRAS,
    suits: DIFFUSION,
  },
  lms: {
    label: 'LMS',
    className: 'LMSDiscreteScheduler',
    config: PLAIN,
    suits: DIFFUSION,
  },
  'lms-karras': {
    label: 'LMS Karras',
    className: 'LMSDiscreteScheduler',
    config: KARRAS,
    suits: DIFFUSION,
  },
  unipc: {
    label: 'UniPC',
    className: 'UniPCMultistepScheduler',
    config: { ...PLAIN, solver_order: 2, final_sigmas_type: 'zero' },
    suits: DIFFUSION,
  },
  deis: {
    label: 'DEIS',
    className: 'DEISMultistepScheduler',
    config: { ...PLAIN, solver_order: 2 },
    suits: DIFFUSION,
  },
  ddim: {
    label: 'DDIM',
    className: 'DDIMScheduler',
    config: {},
    suits: DIFFUSION,
    readsEta: true,
    hasOwnSchedule: true,
  },
  'ddim-trailing': {
    label: 'DDIM trailing',
    className: 'DDIMScheduler',
    config: { timestep_spacing: 'trailing' },
    suits: ['turbo'],
    readsEta: true,
    hasOwnSchedule: true,
  },
  pndm: {
    label: 'PNDM',
    className: 'PNDMScheduler',
    config: { skip_prk_steps: true },
    suits: DIFFUSION,
    hasOwnSchedule: true,
  },
  ddpm: {
    label: 'DDPM',
    className: 'DDPMScheduler',
    config: {},
    suits: DIFFUSION,
    hasOwnSchedule: true,
  },
  lcm: {
    label: 'LCM',
    className: 'LCMScheduler',
    config: {},
    suits: ['lcm'],
    hasOwnSchedule: true,
  },
  'lcm-trailing': {
    label: 'LCM trailing',
    className: 'LCMScheduler',
    // As many as are asked for: DMD2's 999, 749, 499 and 249.
    config: { original_inference_steps: null },
    suits: ['lcm'],
    hasOwnSchedule: true,
  },
  tcd: {
    label: 'TCD',
    className: 'TCDScheduler',
    config: {},
    suits: ['tcd', 'lcm'],
    readsEta: true,
    hasOwnSchedule: true,
  },
  'flow-euler': {
    label: 'Flow Euler',
    className: 'FlowMatchEulerDiscreteScheduler',
    config: PLAIN,
    suits: ['flow'],
    hasOwnSchedule: true,
  },
  'edm-dpmpp-2m': {
    label: 'EDM DPM++ 2M',
    className: 'EDMDPMSolverMultistepScheduler',
    config: SECOND_ORDER,
    suits: ['edm'],
    hasOwnSchedule: true,
  },
  'edm-euler': {
    label: 'EDM Euler',
    className: 'EDMEulerScheduler',
    config: {},
    suits: ['edm'],
    hasOwnSchedule: true,
  },
} as const satisfies Record<string, CatalogScheduler>;

export type SchedulerId = keyof typeof SCHEDULERS;

/** Whether a sampler suits a kind of model. */
export const suits = (scheduler: SchedulerId, kind: ModelKind) =>
  (SCHEDULERS[scheduler].suits as readonly ModelKind[]).includes(kind);

/** Whether a sampler and a kind of model do not go together at all: the scale of EDM's samples and timesteps is its own. */
export const isRefused = (scheduler: SchedulerId, kind: ModelKind) =>
  suits(scheduler, 'edm') !== (kind === 'edm');
