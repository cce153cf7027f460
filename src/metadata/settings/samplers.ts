import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
import { SCHEDULE_IDS, SCHEDULES, type ScheduleId, takesSchedule } from '../../catalog/schedules.ts';
import type { SettingsNote, Tool } from '../../protocol/picture-settings.ts';
import { shortName } from './accept-settings.ts';

/**
 * The names that tools have for our samplers, in lower case and without their schedule: our labels, which are A1111's
 * (modules/sd_samplers_kdiffusion.py, sd_samplers_timesteps.py); ComfyUI's (comfy/samplers.py, SAMPLER_NAMES), which
 * SwarmUI and Fooocus share; InvokeAI's (schedulers.py, SCHEDULER_MAP); NovelAI's; Easy Diffusion's (sdkit,
 * diffusers_samplers.py); Draw Things' (Defaults.swift).
 */
const NAMES: ReadonlyMap<string, SchedulerId> = new Map<string, SchedulerId>([
  ...Object.entries(SCHEDULERS).map(([id, { label }]) => [label.toLowerCase(), id as SchedulerId] as const),
  ['plms', 'pndm'],
  ['euler_ancestral', 'euler-ancestral'],
  ['euler ancestral', 'euler-ancestral'],
  ['euler_a', 'euler-ancestral'],
  ['dpm_2', 'dpm2'],
  ['kdpm_2', 'dpm2'],
  ['dpm_2_ancestral', 'dpm2-ancestral'],
  ['dpm_2_a', 'dpm2-ancestral'],
  ['dpm2_a', 'dpm2-ancestral'],
  ['kdpm_2_a', 'dpm2-ancestral'],
  ['dpmpp_2', 'dpmpp-2m'],
  ['dpmpp_2m', 'dpmpp-2m'],
  ['dpmpp_2m_sde', 'dpmpp-2m-sde'],
  ['dpmpp_3m_sde', 'dpmpp-3m-sde'],
  ['dpmpp_2s', 'dpmpp-2s'],
  ['uni_pc', 'unipc'],
  ['uni_pc_bh2', 'unipc'],
  ['unipc_tu', 'unipc'],
  ['unipc_tu_2', 'unipc'],
]);

/** Solvers that are of order 3 in A1111, ComfyUI and what is built on them (UniPC with B₁(h) too), and of 2 in diffusers and here. */
const THIRD_ORDER: readonly SchedulerId[] = ['unipc', 'deis'];
const ON_DIFFUSERS: readonly Tool[] = ['Safelight', 'InvokeAI', 'Easy Diffusion'];

/** The schedules that have other names: A1111's Uniform is its Normal. */
const SCHEDULE_NAMES: ReadonlyMap<string, ScheduleId> = new Map<string, ScheduleId>([
  ...SCHEDULE_IDS.map((id) => [SCHEDULES[id].label.toLowerCase(), id] as const),
  ['uniform', 'normal'],
  ['native', 'normal'],
  ['ddim uniform', 'ddim-uniform'],
  ['sgmuniform', 'sgm-uniform'],
]);
/** Schedules of other tools that these samplers have here anyway. */
const OWN_SCHEDULES: Partial<Record<SchedulerId, readonly string[]>> = {
  ddim: ['ddim', 'ddim uniform'],
  lcm: ['sgm uniform', 'simple', 'lcm'],
  tcd: ['sgm uniform', 'simple', 'tcd'],
};
/** Schedules of evenly spaced timesteps, which a sampler with a schedule of its own has. */
const EVEN: readonly string[] = ['', 'normal', 'uniform', 'native'];
/** Where these go by other formulas, in ComfyUI and what is built on it. */
const ON_COMFYUI: readonly Tool[] = ['ComfyUI', 'SwarmUI', 'Fooocus'];
const OTHER_IN_COMFYUI: readonly ScheduleId[] = ['beta', 'kl-optimal', 'align-your-steps', 'turbo'];
/** What A1111's Automatic means where it is not Uniform (modules/sd_samplers_kdiffusion.py, `scheduler` in the options). */
const AUTOMATIC: Partial<Record<SchedulerId, ScheduleId>> = {
  'dpmpp-2m': 'karras',
  'dpmpp-2m-sde': 'exponential',
  'dpmpp-3m-sde': 'exponential',
  dpm2: 'karras',
  'dpm2-ancestral': 'karras',
};
/** Samplers that A1111 does not take from k-diffusion, and that there go through even timesteps whatever the schedule. */
const NOT_K_DIFFUSION: readonly SchedulerId[] = ['unipc', 'deis', 'dpmpp-2s'];

/** A schedule at the end of a sampler's name: A1111's before 1.9 and Draw Things', and `_k` for InvokeAI's Karras. */
const SCHEDULE_IN_NAME = /(?:_| )(k|karras|exponential|polyexponential|trailing|ays|substep)$/i;

interface FoundSampler {
  readonly scheduler: SchedulerId | undefined;
  /** Null for the sampler's own; undefined where the sampler is not known. */
  readonly schedule: ScheduleId | null | undefined;
  readonly notes: readonly SettingsNote[];
}

/** Our sampler and schedule for another tool's names of both, with notes about what differs. */
export function findSampler(tool: Tool, name: string, schedule = ''): FoundSampler {
  const words = name.trim().toLowerCase().replace(/_gpu$/, '').replace(/^k_/, '');
  // Some trailing samplers are our own, by these names.
  const isWhole = words.endsWith(' trailing') && NAMES.has(words);
  const inName = isWhole ? undefined : SCHEDULE_IN_NAME.exec(name.trim())?.[1];
  const plain = NAMES.get(inName === undefined ? words : words.replace(SCHEDULE_IN_NAME, ''));
  if (!plain) {
    const notes = [{ kind: 'unknown-sampler', name: shortName(name) }] as const;
    return { scheduler: undefined, schedule: undefined, notes };
  }

  const isAutomatic = /^(automatic)?$/i.test(schedule.trim());
  const said = isAutomatic ? (inName?.replace(/^k$/i, 'Karras') ?? schedule) : schedule;
  const found = scheduleOf(tool, plain, said.trim().toLowerCase().replaceAll('_', ' '));
  const withCurve = `${plain}-${found}`;
  const isSuffix = found !== null && withCurve in SCHEDULERS;
  const scheduler = isSuffix ? (withCurve as SchedulerId) : plain;
  const notes: SettingsNote[] = [];
  if (THIRD_ORDER.includes(plain) && !ON_DIFFUSERS.includes(tool))
    notes.push({ kind: 'near-sampler', name: shortName(name), scheduler });
  if (found === undefined) notes.push({ kind: 'other-schedule', name: shortName(said), scheduler });
  return { scheduler, schedule: isSuffix ? null : (found ?? null), notes };
}

/** Null for the sampler's own schedule; undefined for one that it does not have here. */
function scheduleOf(tool: Tool, sampler: SchedulerId, asked: string): ScheduleId | null | undefined {
  if (!takesSchedule(sampler)) {
    const isOwn = asked === 'automatic' || EVEN.includes(asked) || OWN_SCHEDULES[sampler]?.includes(asked);
    return isOwn ? null : undefined;
  }
  const isUsual = asked === '' || asked === 'automatic';
  if (isUsual && (tool !== 'A1111' || NOT_K_DIFFUSION.includes(sampler))) return null;
  if (asked === 'automatic') return AUTOMATIC[sampler] ?? 'normal';
  const schedule = asked === '' ? 'normal' : SCHEDULE_NAMES.get(asked);
  const isOther = ON_COMFYUI.includes(tool) && schedule && OTHER_IN_COMFYUI.includes(schedule);
  return isOther ? undefined : schedule;
}
