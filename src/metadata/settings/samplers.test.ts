import { expect, test } from 'vitest';
import { SCHEDULERS } from '../../catalog/schedulers.ts';
import type { Tool } from '../../protocol/picture-settings.ts';
import { findSampler } from './samplers.ts';

// Each tool's whole list, as its own source has it, and what a name is here: our sampler; `?` for one that is not here; the
// schedule in brackets where it is not; `~` where the solver is of another order there.

function found(tool: Tool, name: string, asked?: string): string {
  const { scheduler, schedule, notes } = findSampler(tool, name, asked);
  const said = notes.map((note) => {
    if (note.kind === 'unknown-sampler') return '?';
    return note.kind === 'near-sampler' ? '~' : note.kind === 'other-schedule' && `[${note.name}]`;
  });
  return [scheduler, schedule && `+ ${schedule}`, ...said].filter(Boolean).join(' ');
}

// AUTOMATIC1111 1.10.1 and Forge, modules/sd_samplers_kdiffusion.py (samplers_k_diffusion and the `scheduler` of their
// options), sd_samplers_timesteps.py, sd_samplers_lcm.py; modules/sd_schedulers.py (schedulers).
const A1111_SAMPLERS: Record<string, [id: string, automatic: string]> = {
  'DPM++ 2M': ['dpmpp-2m', 'karras'],
  'DPM++ SDE': ['?', ''],
  'DPM++ 2M SDE': ['dpmpp-2m-sde', 'exponential'],
  'DPM++ 2M SDE Heun': ['?', ''],
  'DPM++ 2S a': ['?', ''],
  'DPM++ 3M SDE': ['dpmpp-3m-sde', 'exponential'],
  'Euler a': ['euler-ancestral', ''],
  Euler: ['euler', ''],
  LMS: ['lms', ''],
  Heun: ['heun', ''],
  DPM2: ['dpm2', 'karras'],
  'DPM2 a': ['dpm2-ancestral', 'karras'],
  'DPM fast': ['?', ''],
  'DPM adaptive': ['?', ''],
  Restart: ['?', ''],
  DDIM: ['ddim', ''],
  'DDIM CFG++': ['?', ''],
  PLMS: ['pndm', ''],
  UniPC: ['unipc', ''],
  LCM: ['lcm', ''],
};
const A1111_SCHEDULES = [
  ...['Automatic', 'Uniform', 'Karras', 'Exponential', 'Polyexponential', 'SGM Uniform', 'KL Optimal'],
  ...['Align Your Steps', 'Simple', 'Normal', 'DDIM', 'Beta', 'Turbo'],
];
/** A1111's schedules by ours; `uniform` and `normal` give the same levels there, and so does the default of a sampler. */
const OURS: Record<string, string> = {
  ...{
    '': 'normal',
    uniform: 'normal',
    normal: 'normal',
    ddim: 'ddim-uniform',
    'sgm uniform': 'sgm-uniform',
  },
  ...{ 'kl optimal': 'kl-optimal', 'align your steps': 'align-your-steps' },
};
/** Not from k-diffusion there: without a schedule they have their own. */
const OWN = ['ddim', 'pndm', 'lcm', 'unipc'];

test.each(
  Object.entries(A1111_SAMPLERS),
)('A1111’s %s with each of its schedules is the sampler here that has the schedule, or the schedule is named', (name, [
  id,
  automatic,
]) => {
  for (const schedule of ['', ...A1111_SCHEDULES]) {
    const spacing = (schedule === 'Automatic' ? automatic : schedule).toLowerCase();
    const curved = `${id}-${spacing}`;
    const isPlain =
      id === 'unipc' ? spacing === '' : OWN.includes(id) && ['', 'uniform', 'normal'].includes(spacing);
    const ours = OWN.includes(id) && id !== 'unipc' ? undefined : (OURS[spacing] ?? spacing);
    const isOwn =
      (id === 'ddim' && spacing === 'ddim') || (id === 'lcm' && /^(sgm uniform|simple)$/.test(spacing));
    const near = id === 'unipc' ? ' ~' : '';
    const expected =
      id === '?'
        ? '?'
        : curved in SCHEDULERS
          ? curved + near
          : isPlain || isOwn
            ? id + near
            : ours
              ? `${id} + ${ours}${near}`
              : `${id} [${schedule}]`;
    expect(found('A1111', name, schedule), schedule).toBe(expected);
  }
});

test.each([
  // Before 1.9 the schedule was part of the name.
  ['DPM++ 2M Karras', '', 'dpmpp-2m-karras'],
  ['DPM++ 2M SDE Karras', '', 'dpmpp-2m-sde-karras'],
  ['DPM++ 2M SDE Exponential', '', 'dpmpp-2m-sde-exponential'],
  ['DPM++ SDE Karras', '', '?'],
  ['DPM++ 2S a Karras', '', '?'],
  ['DPM2 a Karras', '', 'dpm2-ancestral-karras'],
  ['LMS Karras', '', 'lms-karras'],
  ['DPM++ 2M Karras', 'Automatic', 'dpmpp-2m-karras'],
  ['Euler Karras', 'Automatic', 'euler-karras'],
  ['constructor', '__proto__', '?'],
  ['Euler', 'ancestral', 'euler [ancestral]'],
  // The default was uniform before 1.9.
  ['DPM++ 2M', '', 'dpmpp-2m + normal'],
  ['DPM++ 3M SDE Exponential', '', 'dpmpp-3m-sde + exponential'],
  ['Euler a', 'Automatic', 'euler-ancestral + normal'],
  ['DPM++ 2M SDE', 'Automatic', 'dpmpp-2m-sde-exponential'],
  ['Euler a', 'Karras', 'euler-ancestral + karras'],
  ['UniPC', 'Automatic', 'unipc ~'],
  ['Euler', 'SGMUniform', 'euler + sgm-uniform'],
])('A1111’s %s, %s, is %s', (name, schedule, expected) => {
  expect(found('A1111', name, schedule)).toBe(expected);
});

// ComfyUI 0.3.6x, comfy/samplers.py (KSAMPLER_NAMES, SAMPLER_NAMES, SCHEDULER_NAMES).
/** With `normal`, which samplers that have their own schedule leave as it is. */
const COMFYUI: Record<string, string> = {
  euler: 'euler',
  euler_ancestral: 'euler-ancestral',
  heun: 'heun',
  dpm_2: 'dpm2',
  dpm_2_ancestral: 'dpm2-ancestral',
  lms: 'lms',
  dpmpp_2m: 'dpmpp-2m',
  dpmpp_2m_sde: 'dpmpp-2m-sde',
  dpmpp_2m_sde_gpu: 'dpmpp-2m-sde',
  dpmpp_3m_sde: 'dpmpp-3m-sde',
  dpmpp_3m_sde_gpu: 'dpmpp-3m-sde',
  ddpm: 'ddpm',
  lcm: 'lcm',
  deis: 'deis ~',
  ddim: 'ddim',
  uni_pc: 'unipc ~',
  uni_pc_bh2: 'unipc ~',
};
const COMFYUI_UNKNOWN = [
  ...['euler_cfg_pp', 'euler_ancestral_cfg_pp', 'heunpp2', 'exp_heun_2_x0', 'exp_heun_2_x0_sde', 'dpm_fast'],
  ...['dpm_adaptive', 'dpmpp_2s_ancestral', 'dpmpp_2s_ancestral_cfg_pp', 'dpmpp_sde', 'dpmpp_sde_gpu'],
  ...['dpmpp_2m_cfg_pp', 'dpmpp_2m_sde_heun', 'dpmpp_2m_sde_heun_gpu'],
  ...['ipndm', 'ipndm_v', 'res_multistep', 'res_multistep_cfg_pp', 'res_multistep_ancestral'],
  ...['res_multistep_ancestral_cfg_pp', 'gradient_estimation', 'gradient_estimation_cfg_pp', 'er_sde'],
  ...['seeds_2', 'seeds_3', 'sa_solver', 'sa_solver_pece'],
];

test('ComfyUI’s samplers', () => {
  const owns = ['ddpm', 'lcm', 'ddim'];
  for (const [name, expected] of Object.entries(COMFYUI)) {
    const [id, ...near] = expected.split(' ');
    const all = owns.includes(name) ? expected : [id, '+ normal', ...near].join(' ');
    expect(found('ComfyUI', name, 'normal'), name).toBe(all);
  }
  for (const name of COMFYUI_UNKNOWN) expect(found('ComfyUI', name, 'karras'), name).toBe('?');
});

test.each([
  ['euler', 'karras', 'euler-karras'],
  ['heun', 'karras', 'heun-karras'],
  ['euler', 'simple', 'euler + simple'],
  ['euler', 'sgm_uniform', 'euler + sgm-uniform'],
  ['euler', 'beta', 'euler [beta]'],
  ['dpmpp_2m', 'exponential', 'dpmpp-2m + exponential'],
  ['dpm_2', 'ddim_uniform', 'dpm2 + ddim-uniform'],
  ['dpmpp_2m_sde_gpu', 'exponential', 'dpmpp-2m-sde-exponential'],
  ['dpmpp_2m_sde', 'linear_quadratic', 'dpmpp-2m-sde [linear_quadratic]'],
  ['dpmpp_2m', 'kl_optimal', 'dpmpp-2m [kl_optimal]'],
  ['ddim', 'ddim_uniform', 'ddim'],
  ['lcm', 'sgm_uniform', 'lcm'],
])('ComfyUI’s %s, %s, is %s', (name, schedule, expected) => {
  expect(found('ComfyUI', name, schedule)).toBe(expected);
});

// InvokeAI 6, invokeai/backend/stable_diffusion/schedulers/schedulers.py (SCHEDULER_MAP): Karras only where it says so.
test.each([
  ...[['ddim', 'ddim'] as const, ['ddpm', 'ddpm'] as const, ['deis', 'deis'] as const],
  ...[['deis_k', 'deis + karras'] as const, ['lms', 'lms'] as const, ['lms_k', 'lms-karras'] as const],
  ...[['pndm', 'pndm'] as const, ['heun', 'heun'] as const, ['heun_k', 'heun-karras'] as const],
  ...[
    ['euler', 'euler'] as const,
    ['euler_k', 'euler-karras'] as const,
    ['euler_a', 'euler-ancestral'] as const,
  ],
  ...[
    ['kdpm_2', 'dpm2'] as const,
    ['kdpm_2_k', 'dpm2-karras'] as const,
    ['kdpm_2_a', 'dpm2-ancestral'] as const,
  ],
  ...[['kdpm_2_a_k', 'dpm2-ancestral-karras'] as const, ['dpmpp_2s', 'dpmpp-2s'] as const],
  ...[['dpmpp_2s_k', 'dpmpp-2s-karras'] as const, ['dpmpp_2m', 'dpmpp-2m'] as const],
  ...[['dpmpp_2m_k', 'dpmpp-2m-karras'] as const, ['dpmpp_2m_sde', 'dpmpp-2m-sde'] as const],
  ...[
    ['dpmpp_2m_sde_k', 'dpmpp-2m-sde-karras'] as const,
    ['dpmpp_3m', '?'] as const,
    ['dpmpp_3m_k', '?'] as const,
  ],
  ...[['dpmpp_sde', '?'] as const, ['dpmpp_sde_k', '?'] as const, ['unipc', 'unipc'] as const],
  ...[['unipc_k', 'unipc + karras'] as const, ['lcm', 'lcm'] as const, ['tcd', 'tcd'] as const],
  // Before version 3.
  ...[
    ['k_euler_a', 'euler-ancestral'] as const,
    ['k_dpm_2_a', 'dpm2-ancestral'] as const,
    ['plms', 'pndm'] as const,
  ],
  ...[['k_dpmpp_2', 'dpmpp-2m'] as const, ['k_lms', 'lms'] as const, ['k_dpm_2', 'dpm2'] as const],
])('InvokeAI’s %s is %s', (name, expected) => {
  expect(found('InvokeAI', name)).toBe(expected);
});

// Draw Things, Libraries/DataModels/Sources/Defaults.swift (SamplerType.description).
test.each([
  ['DPM++ 2M Karras', 'dpmpp-2m-karras'],
  ['Euler Ancestral', 'euler-ancestral'],
  ['DPM++ SDE Karras', '?'],
  ['PLMS', 'pndm'],
  ['UniPC', 'unipc ~'],
  ['Euler A Substep', 'euler-ancestral [Substep]'],
  ['DPM++ 2M AYS', 'dpmpp-2m [AYS]'],
  ['DDIM Trailing', 'ddim-trailing'],
  ['TCD Trailing', 'tcd [Trailing]'],
])('Draw Things’ %s is %s', (name, expected) => {
  expect(found('Draw Things', name)).toBe(expected);
});

test.each(Object.entries(SCHEDULERS))('our own %s is read back', (id, { label }) => {
  expect(found('Safelight', label)).toBe(id);
});
