import { expect, type Locator } from '@playwright/test';
import type { App } from './app.ts';
import { Hub, readFolder } from './hub.mjs';
import { file } from './init-image.ts';

// A control layer, as a person adds one: the small model and a small random ControlNet, both from the Hub.

const path = (relative: string) => new URL(relative, import.meta.url).pathname;

/** Puts the small model and a ControlNet for edges on the device, and files from disk. */
export async function installSteered(app: App, ...files: readonly string[]): Promise<void> {
  const { page } = app;
  const hub = await Hub.start();
  hub.repos.set('test/tiny', { files: readFolder(path('tiny-model')) });
  hub.repos.set('test/canny', { files: readFolder(path('../src/pipeline/golden/controls/edges')) });
  await app.open();
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  for (const name of ['tiny', 'canny']) {
    await page.getByLabel('Repository', { exact: true }).fill(`test/${name}`);
    await app.button('Look up').click();
    await app.button('Download').click();
    await expect(app.button(`Delete ${name}`)).toBeVisible();
  }
  await hub.close();
  for (const one of files) {
    await page.locator('input[type=file]').setInputFiles(one);
    await expect(app.button(`Delete ${one.replace(/^.*\/|\.\w+$/g, '')}`)).toBeVisible();
  }
}

/** The first control layer. */
export const layerGroup = (app: App): Locator => app.page.getByRole('group', { name: 'Control layer 1' });

/** What a map is, as it is shown. */
export const shownMap = (app: App): Promise<string> =>
  layerGroup(app)
    .getByRole('button', { name: 'Look at the map' })
    .locator('canvas')
    .evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());

/** Adds a control layer with a picture. */
export async function addLayer(app: App): Promise<void> {
  await app.page.getByRole('heading', { name: 'Control', exact: true }).click();
  await app.button('Add a control layer').click();
  await givePicture(app);
}

/** Gives the first layer a picture, and waits for another map. */
export async function givePicture(app: App, right = 'black'): Promise<void> {
  const look = layerGroup(app).getByRole('button', { name: 'Look at the map' });
  const before = (await look.isVisible()) ? await shownMap(app) : '';
  await layerGroup(app)
    .locator('input[type=file]')
    .setInputFiles(file(await stepped(app, right)));
  await expect(look).toBeVisible();
  await expect.poll(() => shownMap(app)).not.toBe(before);
}

/**
 * A PNG of 64 × 64: a long edge whose upper half is strong and whose lower half is weak, which Canny follows from there; and the edges
 * of a weak square by itself, which it does not begin.
 */
async function stepped(app: App, left: string): Promise<Buffer> {
  const bytes = await app.page.evaluate(async (colour) => {
    const canvas = new OffscreenCanvas(64, 64);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    const fill = (style: string, ...rect: [number, number, number, number]) => {
      context.fillStyle = style;
      context.fillRect(...rect);
    };
    fill(colour, 0, 0, 64, 64);
    fill('white', 24, 0, 40, 32);
    // 32 brighter: a step of 128 in Sobel's sum.
    fill('rgb(32 32 32)', 24, 32, 40, 32);
    fill('rgb(64 64 64)', 40, 44, 12, 12);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, left);
  return Buffer.from(bytes);
}
