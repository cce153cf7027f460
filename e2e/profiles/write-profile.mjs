// Writes what version 0.1 keeps in a browser into a folder, by doing what a person does there; it knows that version's words
// and no other's. DIST is that version's build, `npm run build` at commit af36e91:
//   node e2e/profiles/write-profile.mjs DIST e2e/profiles/0.1
import { readFileSync } from 'node:fs';
import { expect as base, chromium } from '@playwright/test';
import { findChromium } from '../chromium.mjs';
import { Hub, readFolder } from '../hub.mjs';
import { LAUNCH_ARGS } from '../launch-args.mjs';
import { serve } from '../server.mjs';
import { dumpProfile, halfFetched } from './profile.mjs';

const expect = base.configure({ timeout: 60_000 });
const [dist, folder] = process.argv.slice(2);
if (!dist || !folder) throw new Error('node e2e/profiles/write-profile.mjs DIST FOLDER');
const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;
const GOLDEN = path('../../src/pipeline/golden');

const server = await serve(dist, { '/models/trinket': path('../tiny-model') });
const hub = await Hub.start();
const model = readFolder(`${GOLDEN}/families/lcm`);
hub.repos.set('test/lcm', { files: model, licence: 'openrail++', token: 'hf_secret' });
hub.repos.set('test/half', {
  files: new Map([...model, ['unet/diffusion_pytorch_model.safetensors', halfFetched()]]),
  licence: 'mit',
});
const browser = await chromium.launch({ executablePath: findChromium(), args: LAUNCH_ARGS.wasm });
const context = await browser.newContext({ locale: 'en-GB' });
await context.grantPermissions(['notifications']);
const page = await context.newPage();
const button = (/** @type {string} */ name) => page.getByRole('button', { name, exact: true });
const field = (/** @type {string} */ name) => page.getByLabel(name, { exact: true });
const stop = () => page.getByRole('button', { name: /^Stop/ });

/** @param {Record<string, string>} values By the names of the fields. */
async function fill(values) {
  for (const [name, value] of Object.entries(values)) await field(name).fill(value);
}

/** @param {Record<string, string | number>} settings */
async function open(settings) {
  const all = {
    negative: '',
    steps: 2,
    guidance: 3,
    sampler: 'ddim',
    width: 64,
    height: 64,
    device: 'wasm',
    ...settings,
  };
  await page.goto('about:blank');
  await page.goto(
    `${server.url}#${new URLSearchParams(Object.entries(all).map(([k, v]) => [k, String(v)]))}`,
  );
  await expect(button('Generate')).toBeVisible();
}

/** Presses Generate and waits until the picture is in the gallery too. @param {number} pictures there then */
async function paint(pictures) {
  await button('Generate').click();
  await button('Gallery').click();
  await expect(page.getByText(`${pictures} picture${pictures === 1 ? '' : 's'} ·`)).toBeVisible({
    timeout: 60_000,
  });
  await button('Create').click();
}

const opener = (/** @type {string} */ prompt) =>
  page.getByRole('button', { name: `Open: ${prompt}`, exact: true });

// Models: one from the Hub with a token, a copy of it in 8 bits, a LoRA from disk, an embedding.
await open({ prompt: 'a red apple' });
await button('Models').click();
await page.getByText('Hub settings').click();
await field('Mirror').fill(hub.url);
await field('Access token').fill('hf_secret');
await page.getByLabel('Remember the token on this device').check();
await field('Repository').fill('test/lcm');
await button('Look up').click();
await button('Download').click();
await expect(button('Use lcm')).toBeVisible();
await button('Make a copy of lcm in 8 bits').click();
await expect(button('Make a copy of lcm in 8 bits')).toBeHidden();
await expect(button('Stop lcm')).toBeHidden();
await page.locator('input[type=file]').setInputFiles({
  name: 'style.safetensors',
  mimeType: 'application/octet-stream',
  buffer: readFileSync(`${GOLDEN}/lora/kohya.safetensors`),
});
await expect(button('Delete style')).toBeVisible();

// Pictures: a favourite, one that began with another and a mask, one of that model, one that is deleted.
await open({ prompt: 'a green frog', seed: 11, negative: 'blurry' });
await paint(1);
await open({ prompt: 'a grey cat', seed: 5, model: 'test/lcm', sampler: 'lcm', guidance: 1 });
await paint(2);
await open({ prompt: 'a mistake', seed: 3 });
await paint(3);
await button('Gallery').click();
await opener('a green frog').click();
await page.getByRole('dialog').getByRole('button', { name: 'Favourite' }).click();
await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
await page.getByLabel('Select: a mistake').check();
await button('Delete').click();
await expect(opener('a mistake')).toBeHidden();
await button('Create').click();

await open({ prompt: 'a photo', seed: 7, steps: 4 });
await page.getByText('More settings').click();
await page.getByLabel('Add .safetensors…').setInputFiles(`${GOLDEN}/mystyle.safetensors`);
await expect(button('Remove mystyle')).toBeVisible();
const photo = await page.evaluate(async () => {
  const canvas = new OffscreenCanvas(64, 64);
  const brush = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
  brush.fillStyle = 'teal';
  brush.fillRect(0, 0, 32, 64);
  return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
});
await page
  .locator('input[type=file][accept="image/*"]')
  .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from(photo) });
await field('Strength').fill('0.8');
await button('Paint only a part anew…').click();
const mask = page.getByRole('application', { name: /^Mask/ });
await mask.press('ArrowLeft');
await mask.press(' ');
await button('Done').click();
await paint(3);

// An experiment that was stopped.
await open({ prompt: 'a blue house', steps: 60, seed: 3 });
await button('Remove the picture').click();
await button('Experiments').click();
await field('Columns').selectOption({ label: 'Guidance scale' });
await field('Values of the columns').fill('2, 7.5');
await field('Rows').selectOption({ label: 'Seed' });
await field('Values of the rows').fill('3-4');
await button('Start').click();
const screen = page.getByRole('main', { name: 'Experiments' });
await expect(screen.getByRole('button', { name: /^(Guidance scale|Seed)/ }).first()).toBeVisible();
await button('Stop the experiment').click();
await expect(button('Go on')).toBeVisible();
await button('Create').click();

// A queue behind a long job, one of its jobs with a picture; and a start picture that stays.
await page
  .locator('input[type=file][accept="image/*"]')
  .setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from(photo) });
await expect(page.getByAltText('The one to start from')).toBeVisible();
await fill({ Steps: '150', Width: '256', Height: '256', Prompt: 'something long' });
await button('Generate').click();
await expect(stop().first()).toBeVisible();
await fill({ Steps: '2', Width: '64', Height: '64' });
for (const prompt of ['number 1', 'number 2']) {
  await field('Prompt').fill(prompt);
  await button('Generate').click();
}
const line = page.getByRole('button', { name: /^Queue: / });
await expect(line).toContainText('2 waiting');
await line.click();
await page.getByLabel('Tell me when done').check();
await button('Close the queue').click();
await field('Prompt').fill('a lighthouse at dusk');
await field('Negative prompt').fill('fog');
await button('Lock seed').click();
await field('Seed').fill('4242');

// A download that the end of the page cuts short, and the language last.
const size = halfFetched().length;
hub.delayMs = 300;
await button('Models').click();
await field('Repository').fill('test/half');
await button('Look up').click();
await button('Download').click();
const unet = 'test/half/unet/diffusion_pytorch_model.safetensors';
await expect.poll(() => hub.bytesSent(unet), { intervals: [20] }).toBeGreaterThan(size / 4);
await page.getByRole('combobox', { name: 'Language' }).selectOption('de');
await expect(page.getByRole('button', { name: 'Modelle', exact: true })).toBeVisible();
await page.close({ runBeforeUnload: false });

const profile = await dumpProfile(context, server.url, folder);
console.log(JSON.stringify([profile.localStorage, profile.files].map(Object.keys)));
for (const [name, { stores }] of Object.entries(profile.databases))
  for (const [store, { records }] of Object.entries(stores)) console.log(name, store, records.length);
await browser.close();
await server.close();
await hub.close();
