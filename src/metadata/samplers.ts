import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import type { SettingsNote } from '../protocol/picture-settings.ts';
import { shortName } from './accept-settings.ts';

/**
 * The names that other tools have for our samplers, in lower case: our labels, which are A1111's; ComfyUI's
 * (comfy/samplers.py, SAMPLER_NAMES); InvokeAI's (SCHEDULER_NAME_VALUES, and those with k_ from before version 3).
 */
const NAMES: ReadonlyMap<string, SchedulerId> = new Map<string, SchedulerId>([
  ...Object.entries(SCHEDULERS).map(([id, { label }]) => [label.toLowerCase(), id as SchedulerId] as const),
  ['plms', 'pndm'],
  ['euler_ancestral', 'euler-ancestral'],
  ['euler_a', 'euler-ancestral'],
  ['dpm_2', 'dpm2'],
  ['dpm_2_ancestral', 'dpm2-ancestral'],
  ['dpm_2_a', 'dpm2-ancestral'],
  ['kdpm_2', 'dpm2'],
  ['kdpm_2_a', 'dpm2-ancestral'],
  ['dpmpp_2', 'dpmpp-2m'],
  ['dpmpp_2m', 'dpmpp-2m'],
  ['dpmpp_2m_sde', 'dpmpp-2m-sde'],
  ['dpmpp_2s', 'dpmpp-2s-karras'],
  ['uni_pc', 'unipc'],
  ['uni_pc_bh2', 'unipc'],
]);

/** Schedules of evenly spaced timesteps, which are those of our samplers without a suffix. */
const PLAIN_SCHEDULES: readonly string[] = ['', 'normal', 'uniform', 'automatic'];
/** Schedules of other tools that these samplers have here anyway. */
const OWN_SCHEDULES: Partial<Record<SchedulerId, readonly string[]>> = {
  ddim: ['ddim', 'ddim uniform'],
  lcm: ['sgm uniform', 'simple'],
};
/** The samplers for which A1111's Automatic means Karras (modules/sd_samplers_kdiffusion.py, `scheduler` in their options). */
const AUTOMATIC_IS_KARRAS: readonly SchedulerId[] = ['dpmpp-2m', 'dpm2', 'dpm2-ancestral'];

/** Our sampler for another tool's names of a sampler and a schedule, with notes about what differs. */
export function findSampler(
  name: string,
  schedule = '',
): { readonly scheduler: SchedulerId | undefined; readonly notes: readonly SettingsNote[] } {
  const words = name.trim().toLowerCase().replace(/_gpu$/, '');
  const spacing = schedule.trim().toLowerCase().replaceAll('_', ' ');
  const isKarras = spacing === 'karras' || words.endsWith('_k');
  const bare = words.replace(/_k$/, '').replace(/^k_/, '');
  const plain = NAMES.get(words) ?? NAMES.get(bare);
  if (!plain) return { scheduler: undefined, notes: [{ kind: 'unknown-sampler', name: shortName(name) }] };

  const karras = plain.endsWith('-karras') ? plain : `${plain}-karras`;
  const asksKarras = isKarras || (spacing === 'automatic' && AUTOMATIC_IS_KARRAS.includes(plain));
  if (asksKarras && karras in SCHEDULERS) return { scheduler: karras as SchedulerId, notes: [] };
  const isOwn = PLAIN_SCHEDULES.includes(spacing) || OWN_SCHEDULES[plain]?.includes(spacing);
  const notes: SettingsNote[] = [];
  if (!isOwn || isKarras)
    notes.push({
      kind: 'other-schedule',
      name: isKarras ? 'Karras' : shortName(schedule),
      scheduler: plain,
    });
  return { scheduler: plain, notes };
}
