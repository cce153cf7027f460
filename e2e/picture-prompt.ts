import { readFileSync } from 'node:fs';
import { expect, type Locator } from '@playwright/test';
import type { App } from './app.ts';
import { Hub, readFolder } from './hub.mjs';
import { drawn, file } from './init-image.ts';

// A picture prompt, as a person adds one: the small model and a small random IP-Adapter with its image encoder, both from the Hub.

const path = (relative: string) => new URL(relative, import.meta.url).pathname;
const GOLDEN = '../src/pipeline/golden/ip-adapter';
const ENCODER = ['config.json', 'model.safetensors'].map((name) => `models/image_encoder/${name}`);

/** Puts the small model and these IP-Adapters on the device. */
export async function installPrompted(app: App, ...adapters: readonly string[]): Promise<void> {
  const { page } = app;
  const hub = await Hub.start();
  hub.repos.set('test/tiny', { files: readFolder(path('tiny-model')) });
  const paths = [...adapters.map((name) => `models/${name}.safetensors`), ...ENCODER];
  const files = new Map(paths.map((name) => [name, readFileSync(path(`${GOLDEN}/${name}`))]));
  hub.repos.set('test/ip', { files });
  await app.open();
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  for (const name of ['tiny', ...adapters.map((adapter) => `ip/models/${adapter}.safetensors`)]) {
    await page.getByLabel('Repository', { exact: true }).fill(`test/${name}`);
    await app.button('Look up').click();
    await app.button('Download').click();
    await expect(app.button(`Delete ${name.replace(/^.*\/|\.\w+$/g, '')}`)).toBeVisible();
  }
  await hub.close();
}

/** The first picture prompt. */
export const promptGroup = (app: App): Locator => app.page.getByRole('group', { name: 'Picture prompt 1' });

/** Shows the first picture prompt one more picture. */
export async function showPicture(app: App, ...colours: string[]): Promise<void> {
  const shown = promptGroup(app).getByRole('button', { name: /^Remove picture \d/ });
  const before = await shown.count();
  await promptGroup(app)
    .locator('input[type=file]')
    .setInputFiles(file(await drawn(app, 60, 40, ...colours)));
  await expect(shown).toHaveCount(before + 1);
}

/** Adds a picture prompt with a picture. */
export async function addPicturePrompt(app: App, ...colours: string[]): Promise<void> {
  await app.page.getByRole('heading', { name: 'Picture prompts' }).click();
  await app.button('Add a picture prompt').click();
  await showPicture(app, ...colours);
}
