import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StoredTensor, Tensors } from '../../checkpoint/weights.ts';
import type { Golden } from '../golden/single-file/files.ts';
import { headerOnly } from '../golden/single-file/files.ts';
import { modelFacts } from '../model-facts.ts';
import { INDEX_FILE, SCHEDULER_FILE } from '../repository-layout.ts';
import { readSingleFile } from './single-file.ts';
import { singleFileSource } from './single-file-source.ts';

const GOLDEN = join(import.meta.dirname, '../golden/single-file/sdxl.json');
const { v_pred: _, ztsnr: __, ...SDXL } = (JSON.parse(readFileSync(GOLDEN, 'utf8')) as Golden).file;

/** A tensor in float32. */
const tensor = (shape: readonly number[], ...values: number[]): StoredTensor => ({
  ...{ dtype: 'F32', shape, offset: 0, length: 4 * values.length, path: 'x' },
  blob: new Blob([Float32Array.from(values)]),
});

/** SDXL's tensors with these beside them. */
async function marked(marks: Readonly<Record<string, StoredTensor>>): Promise<Tensors> {
  return new Map([...(await headerOnly(SDXL)), ...Object.entries(marks)]);
}

// The values of playgroundai/playground-v2.5-1024px-aesthetic's vae/config.json.
const MEAN = [-1.6574, 1.886, -1.383, 2.5155];
const STD = [8.4927, 5.9022, 6.5498, 5.2299];
const PLAYGROUND = { edm_mean: tensor([1, 4, 1, 1], ...MEAN), edm_std: tensor([1, 4, 1, 1], ...STD) };

// diffusers 0.42.1, loaders/single_file_utils.py: PLAYGROUND_VAE_SCALING_FACTOR, and edm_dpm_solver_multistep's configuration.
test('Playground 2.5 has its latents’ statistics, and diffusers’ sampler for it', async () => {
  const file = await readSingleFile('x', await marked(PLAYGROUND));
  expect(file.prediction).toBe('epsilon');
  const configs = file.configs('epsilon');
  const { latents_mean, latents_std, scaling_factor } = configs['vae/config.json'] as Record<string, unknown>;
  expect(latents_mean).toEqual(MEAN.map(Math.fround));
  expect(latents_std).toEqual(STD.map(Math.fround));
  expect(scaling_factor).toBe(0.5);
  expect(configs[SCHEDULER_FILE]).toMatchObject({
    ...{ _class_name: 'EDMDPMSolverMultistepScheduler', prediction_type: 'epsilon' },
    ...{ rho: 7, sigma_data: 0.5, sigma_max: 80, sigma_min: 0.002, solver_order: 2 },
  });
  expect(configs[INDEX_FILE]).toMatchObject({ scheduler: ['diffusers', 'EDMDPMSolverMultistepScheduler'] });
});

// ComfyUI's supported_models.py: edm_vpred, sigma_data 1; diffusers' docs of CosXL: EDMEulerScheduler, exponential.
test('CosXL has the noise levels of the file, and predicts v', async () => {
  const marks = { 'edm_vpred.sigma_max': tensor([], 90), 'edm_vpred.sigma_min': tensor([], 0.004) };
  const file = await readSingleFile('x', await marked(marks));
  expect(file.prediction).toBe('v_prediction');
  const configs = file.configs('v_prediction');
  expect(configs[SCHEDULER_FILE]).toEqual({
    ...{ _class_name: 'EDMEulerScheduler', prediction_type: 'v_prediction', sigma_schedule: 'exponential' },
    ...{ sigma_data: 1, sigma_max: 90, sigma_min: Math.fround(0.004) },
  });
  expect(configs['vae/config.json']).toMatchObject({ scaling_factor: 0.13025 });
  expect(configs['vae/config.json']).not.toHaveProperty('latents_mean');
});

test.each([
  ['Playground', PLAYGROUND, 'own', 'edm-dpmpp-2m', 3],
  ['CosXL', { 'edm_vpred.sigma_max': tensor([], 120) }, 'sdxl', 'edm-euler', 5],
] as const)('the form starts with what suits %s', async (_, marks, latentSpace, scheduler, guidanceScale) => {
  const { files, prediction } = await singleFileSource('x', await marked(marks), null);
  expect(prediction).toBe(null);
  const facts = await modelFacts('x', files);
  expect(facts).toMatchObject({ kind: 'edm', latentSpace, defaults: { scheduler, guidanceScale } });
});
