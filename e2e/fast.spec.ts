import { readFileSync } from 'node:fs';
import { test as base, expect } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';

// A model made fast by a LoRA from the Hub, and back.

const path = (relative: string) => new URL(relative, import.meta.url).pathname;

const test = base.extend<{ readonly hub: Hub }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern.
  hub: async ({}, use) => {
    const hub = await Hub.start();
    hub.repos.set('test/tiny', { files: readFolder(path('tiny-model')) });
    const lora = readFileSync(path('../src/pipeline/golden/lora/kohya.safetensors'));
    hub.repos.set('latent-consistency/lcm-lora-sdv1-5', {
      files: new Map([['pytorch_lora_weights.safetensors', lora]]),
      licence: 'openrail++',
    });
    await use(hub);
    await hub.close();
  },
});

test('Fast fetches its LoRA once, sets all that it needs, and puts back all but what a person has changed', async ({
  app,
  hub,
}) => {
  const { page } = app;
  await app.open();
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await page.getByLabel('Repository', { exact: true }).fill('test/tiny');
  await app.button('Look up').click();
  await app.button('Download').click();
  await app.button('Use tiny').click();
  await app.follow({ model: 'test/tiny', prompt: 'a cat', guidance: 3, steps: 3, sampler: 'ddim' });
  const [speed, prompt] = [app.field('Speed'), page.getByLabel('Prompt', { exact: true })];

  // This one is gone from the Hub.
  await speed.selectOption('Fast 4');
  await expect(app.alert).toContainText('Hyper-SD15-4steps-lora: ');
  await expect(prompt).toHaveValue('a cat');

  await speed.selectOption('Fast 8');
  await expect(page.getByText(/^lcm-lora-sdv1-5: .* to fetch, once\. Licence: openrail\+\+\./)).toBeVisible();
  await app.button('Fetch and use').click();
  await expect(prompt).toHaveValue('a cat <lora:lcm-lora-sdv1-5:1>');
  await expect(page.getByText('Fast 8 (lcm-lora-sdv1-5): 8 steps, guidance 1.5, LCM.')).toBeAttached();
  await expect(app.field('Sampler')).toHaveValue('lcm');
  await app.field('Steps').fill('2');
  const [picture] = await app.make();
  expect(picture?.parameters).toContain('a cat <lora:lcm-lora-sdv1-5:1>\n');
  expect(picture?.parameters).toContain('Steps: 2, Sampler: LCM, CFG scale: 1.5');

  await speed.selectOption('Full');
  await expect(prompt).toHaveValue('a cat');
  await expect(app.field('Sampler')).toHaveValue('ddim');
  await expect(app.field('Guidance scale')).toHaveValue('3');
  await expect(app.field('Steps')).toHaveValue('2');
  await expect(page.getByText('but for what you changed: Steps.')).toBeAttached();
});
