import { KARRAS, PLAIN, SCHEDULERS, type SchedulerId } from './schedulers.ts';

/** How the noise levels of a run are spread, where it is not the sampler's own way. */
interface CatalogSchedule {
  /** A1111's name for the schedule type. */
  readonly label: string;
  /** What in a sampler's configuration brings it about: diffusers' keys, or `schedule_type`. */
  readonly config: Readonly<Record<string, unknown>>;
}

const type = (schedule_type: string) => ({ ...PLAIN, schedule_type });

/** A1111's schedule types but its Automatic and its Uniform, which is Normal; and Forge's Turbo. */
export const SCHEDULES = {
  karras: { label: 'Karras', config: KARRAS },
  exponential: { label: 'Exponential', config: { ...PLAIN, use_exponential_sigmas: true } },
  polyexponential: { label: 'Polyexponential', config: type('polyexponential') },
  'sgm-uniform': { label: 'SGM Uniform', config: type('sgm-uniform') },
  // It ends at the lowest level of the training, not at none.
  'kl-optimal': { label: 'KL Optimal', config: { ...type('kl-optimal'), final_sigmas_type: 'sigma_min' } },
  'align-your-steps': { label: 'Align Your Steps', config: type('align-your-steps') },
  simple: { label: 'Simple', config: type('simple') },
  normal: { label: 'Normal', config: type('normal') },
  'ddim-uniform': { label: 'DDIM', config: type('ddim-uniform') },
  beta: { label: 'Beta', config: { ...PLAIN, use_beta_sigmas: true } },
  turbo: { label: 'Turbo', config: type('turbo') },
} as const satisfies Record<string, CatalogSchedule>;

export type ScheduleId = keyof typeof SCHEDULES;
/** Their names are the same in every language. */
export const SCHEDULE_LABELS = Object.fromEntries(
  Object.entries(SCHEDULES).map(([id, { label }]) => [id, label]),
) as Record<ScheduleId, string>;
export const SCHEDULE_IDS = Object.keys(SCHEDULES) as ScheduleId[];

/** Whether a sampler can follow another schedule than its own. */
export const takesSchedule = (scheduler: SchedulerId) => !('hasOwnSchedule' in SCHEDULERS[scheduler]);

/** The schedule that a sampler follows of the one that is set; null for its own. */
export const usedSchedule = (scheduler: SchedulerId, schedule: ScheduleId | null): ScheduleId | null =>
  takesSchedule(scheduler) ? schedule : null;

/** The sampler without the schedule in its name: what is meant where another schedule goes with it. */
export function plainSampler(scheduler: SchedulerId): SchedulerId {
  const plain = scheduler.replace(/-(karras|exponential)$/, '');
  return plain in SCHEDULERS ? (plain as SchedulerId) : scheduler;
}

/** What overrides a model's own configuration for this sampler and schedule; null for the sampler's own. */
export function samplerConfig(scheduler: SchedulerId, schedule: ScheduleId | null) {
  const used = usedSchedule(scheduler, schedule);
  return { ...SCHEDULERS[scheduler].config, ...(used && SCHEDULES[used].config) };
}
