import { SCHEDULERS, type SchedulerId } from '../../catalog/schedulers.ts';
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
  ['dpmpp_2s', 'dpmpp-2s'],
  ['uni_pc', 'unipc'],
  ['uni_pc_bh2', 'unipc'],
  ['unipc_tu', 'unipc'],
  ['unipc_tu_2', 'unipc'],
]);

/** Solvers that are of order 3 in A1111, ComfyUI and what is built on them (UniPC with B₁(h) too), and of 2 in diffusers and here. */
const THIRD_ORDER: readonly SchedulerId[] = ['unipc', 'deis'];
const ON_DIFFUSERS: readonly Tool[] = ['Safelight', 'InvokeAI', 'Easy Diffusion'];

/** The schedules that some of our samplers have as a suffix. */
const CURVES: readonly string[] = ['karras', 'exponential'];
/** Schedules of evenly spaced timesteps, which are those of our samplers without a suffix. */
const PLAIN_SCHEDULES: readonly string[] = ['', 'normal', 'uniform', 'native'];
/** Schedules of other tools that these samplers have here anyway. */
const OWN_SCHEDULES: Partial<Record<SchedulerId, readonly string[]>> = {
  ddim: ['ddim', 'ddim uniform'],
  lcm: ['sgm uniform', 'simple', 'lcm'],
  tcd: ['sgm uniform', 'simple', 'tcd'],
};
/** What A1111's Automatic means where it is not evenly spaced (modules/sd_samplers_kdiffusion.py, `scheduler` in the options). */
const AUTOMATIC: Partial<Record<SchedulerId, string>> = {
  'dpmpp-2m': 'karras',
  'dpmpp-2m-sde': 'exponential',
  dpm2: 'karras',
  'dpm2-ancestral': 'karras',
};

/** A schedule at the end of a sampler's name: A1111's before 1.9 and Draw Things', and `_k` for InvokeAI's Karras. */
const SCHEDULE_IN_NAME = /(?:_| )(k|karras|exponential|polyexponential|trailing|ays|substep)$/i;

/** Our sampler for another tool's names of a sampler and a schedule, with notes about what differs. */
export function findSampler(
  tool: Tool,
  name: string,
  schedule = '',
): { readonly scheduler: SchedulerId | undefined; readonly notes: readonly SettingsNote[] } {
  const words = name.trim().toLowerCase().replace(/_gpu$/, '').replace(/^k_/, '');
  const inName = SCHEDULE_IN_NAME.exec(name.trim())?.[1];
  const plain = NAMES.get(inName === undefined ? words : words.replace(SCHEDULE_IN_NAME, ''));
  if (!plain) return { scheduler: undefined, notes: [{ kind: 'unknown-sampler', name: shortName(name) }] };

  const said = /^(automatic)?$/i.test(schedule.trim())
    ? (inName?.replace(/^k$/i, 'Karras') ?? schedule)
    : schedule;
  const asked = said.trim().toLowerCase().replaceAll('_', ' ');
  const spacing = asked === 'automatic' ? (AUTOMATIC[plain] ?? '') : asked;
  const curved = CURVES.includes(spacing) ? `${plain}-${spacing}` : plain;
  const scheduler = curved in SCHEDULERS ? (curved as SchedulerId) : plain;
  const isPlain = PLAIN_SCHEDULES.includes(spacing) || OWN_SCHEDULES[plain]?.includes(spacing);
  const notes: SettingsNote[] = [];
  if (THIRD_ORDER.includes(plain) && !ON_DIFFUSERS.includes(tool))
    notes.push({ kind: 'near-sampler', name: shortName(name), scheduler });
  if (scheduler === plain && !isPlain)
    notes.push({ kind: 'other-schedule', name: shortName(said), scheduler });
  return { scheduler, notes };
}
