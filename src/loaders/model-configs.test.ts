import { existsSync, openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { savedRepository } from '../hub/golden/saved-repository.ts';
import { ALIGN_YOUR_STEPS } from './align-your-steps.ts';
import { tinyModel } from './golden/tiny-model.ts';
import { readModelConfigs } from './model-configs.ts';
import { INDEX_FILE } from './repository-layout.ts';

test('another sampler is made from what the model’s own one makes of its configuration', async () => {
  const tiny = tinyModel((path) => openAsBlob(join(import.meta.dirname, '../..', path)), {
    scheduler_config: { solver_type: 'heun', algorithm_type: 'dpmsolver++', beta_end: 0.012 },
  });
  const json = async (path: string): Promise<unknown> =>
    path === INDEX_FILE
      ? { ...((await tiny.json(path)) as object), scheduler: ['diffusers', 'DEISMultistepScheduler'] }
      : tiny.json(path);
  const { schedulerConfig } = await readModelConfigs({ ...tiny, json }, () => {});
  const registered = { solver_type: 'logrho', algorithm_type: 'deis', beta_end: 0.012 };
  expect(schedulerConfig('DPMSolverMultistepScheduler', false)).toMatchObject(registered);
});

test('an SDXL without its second text encoder is said to lack it', async () => {
  const tiny = tinyModel((path) => openAsBlob(join(import.meta.dirname, '../..', path)));
  const sdxl = {
    addition_embed_type: 'text_time',
    addition_time_embed_dim: 8,
    projection_class_embeddings_input_dim: 80,
  };
  const json = async (path: string): Promise<unknown> => ({
    ...((await tiny.json(path)) as object),
    ...(path === 'unet/config.json' && sdxl),
  });
  await expect(readModelConfigs({ ...tiny, json }, () => {})).rejects.toMatchObject({
    details: { kind: 'missing-component', file: INDEX_FILE, component: 'text_encoder_2' },
  });
});

test.each([
  ['EDMEulerScheduler', 'EulerDiscreteScheduler', 'needs-edm-sampler'],
  ['EulerDiscreteScheduler', 'EDMEulerScheduler', 'edm-sampler'],
  ['EDMEulerScheduler', 'EDMDPMSolverMultistepScheduler', null],
])('a model with %s takes %s: %s', async (own, asked, kind) => {
  const tiny = tinyModel((path) => openAsBlob(join(import.meta.dirname, '../..', path)));
  const json = async (path: string): Promise<unknown> => ({
    ...((await tiny.json(path)) as object),
    ...(path === INDEX_FILE && { scheduler: ['diffusers', own] }),
  });
  const { schedulerConfig } = await readModelConfigs({ ...tiny, json }, () => {});
  const ask = () => schedulerConfig(asked, false);
  if (!kind) return expect(ask).not.toThrow();
  const details = { kind, field: 'scheduler', found: asked };
  return expect(ask).toThrow(expect.objectContaining({ code: 'invalid-request', details }));
});

test.each(['sd2', 'sdxl'] as const)('%s has its own levels of Align Your Steps', async (name) => {
  const at = (path: string) => join(import.meta.dirname, '../pipeline/golden/families', name, path);
  const files = savedRepository(
    (path) => existsSync(at(path)),
    (path) => openAsBlob(at(path)),
  );
  const { schedulerConfig } = await readModelConfigs(files, () => {});
  const expected = ALIGN_YOUR_STEPS[name === 'sdxl' ? 'sdxl' : 'sd1'];
  expect(schedulerConfig('EulerDiscreteScheduler', false)).toMatchObject({ align_your_steps: expected });
});
