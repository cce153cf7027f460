import { readFileSync } from 'node:fs';
import type { App } from './app.ts';
import { test as base, expect } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';
import { readPng } from './png.ts';

// A finished picture through an upscaler from the Hub.

const UPSCALER = new URL('../src/pipeline/golden/upscaler', import.meta.url).pathname;

const test = base.extend<{ readonly hub: Hub }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern.
  hub: async ({}, use) => {
    const hub = await Hub.start();
    const files = new Map([...readFolder(UPSCALER)].filter(([path]) => /^(config\.json|onnx\/)/.test(path)));
    hub.repos.set('test/times-two', { files, licence: 'apache-2.0' });
    await use(hub);
    await hub.close();
  },
});

/** Fetches the upscaler; afterwards the Create screen is shown. */
async function fetchUpscaler(app: App, hub: Hub): Promise<void> {
  const { page } = app;
  await app.button('Models').click();
  await expect(page.getByRole('heading', { name: 'Swin2SR × 4' })).toBeVisible();
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await page.getByLabel('Repository', { exact: true }).fill('test/times-two');
  await app.button('Look up').click();
  await expect(page.getByText('an upscaler for finished pictures')).toBeVisible();
  await app.button('Download').click();
  await expect(app.button('Delete times-two')).toBeVisible();
  await expect(app.button('Use times-two')).toHaveCount(0);
  await app.button('Create').click();
}

test('an upscaler is downloaded, upscales a finished picture, and gives it back', async ({ app, hub }) => {
  const { page } = app;
  await app.open({ width: 72, height: 64 });
  const [small] = await app.make();
  await expect(page.getByRole('button', { name: /^Upscale with/ })).toHaveCount(0);
  await fetchUpscaler(app, hub);
  await app.button('Upscale with times-two').press('Enter');
  await expect(app.button('Original size')).toBeVisible();
  await expect(app.button('Original size'), 'the focus is where it was').toBeFocused();
  await expect(page.getByText('seed 1 · 144 × 128')).toBeVisible();
  await expect(page.getByText('Upscaled to 144 × 128.')).toBeAttached();
  const image = app.pictures.first();
  await expect
    .poll(() =>
      image.evaluate(({ naturalWidth, naturalHeight }: HTMLImageElement) => [naturalWidth, naturalHeight]),
    )
    .toEqual([144, 128]);

  const downloading = page.waitForEvent('download');
  await app.button('Download').click();
  const file = readPng(readFileSync(await (await downloading).path()));
  expect(file).toMatchObject({ width: 144, height: 128 });
  expect(file.parameters).toBe(
    `${small?.parameters}, Postprocess upscale by: 2, Postprocess upscaler: times-two`,
  );
  // Each pixel of a larger picture of waves and colours has neighbours that differ: it is not the small one, repeated.
  const repeated = await image.evaluate((element: HTMLImageElement) => {
    const context = new OffscreenCanvas(144, 128).getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(element, 0, 0);
    const { data } = context.getImageData(0, 0, 144, 128);
    const same = (x: number, y: number) =>
      [0, 1, 2].every((c) => data[(y * 144 + x) * 4 + c] === data[(y * 144 + x + 1) * 4 + c]);
    let count = 0;
    for (let y = 0; y < 128; y += 2) for (let x = 0; x < 144; x += 2) count += Number(same(x, y));
    return count / (72 * 64);
  });
  expect(repeated).toBeLessThan(0.2);

  await app.button('Original size').click();
  await expect(app.button('Upscale with times-two')).toBeVisible();
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(72);

  // It does not stand in the way of the next picture, and goes with the one it was made of.
  await app.button('Upscale with times-two').click();
  await expect(app.button('Original size')).toBeVisible();
  const [next] = await app.make();
  expect(next).toMatchObject({ width: 72, height: 64 });
});

test('an upscaled picture is saved beside the one it was made of, from the gallery too', async ({
  app,
  hub,
}) => {
  const { page } = app;
  await app.open({ prompt: 'a kite', width: 72, height: 64 });
  await app.make();
  await fetchUpscaler(app, hub);
  await app.button('Gallery').click();
  const pictures = page.getByRole('button', { name: 'Open: a kite', exact: true });
  await pictures.click();
  const detail = page.getByRole('dialog');
  const natural = () =>
    detail.getByRole('img').evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
  await expect.poll(natural).toEqual([72, 64]);
  await detail.getByRole('button', { name: 'Upscale with times-two' }).click();
  await expect(page.getByText('Upscaled to 144 × 128.')).toBeAttached();
  await expect(detail.getByText('2 of 2')).toBeVisible();
  await detail.getByRole('button', { name: 'Previous' }).click();
  await expect.poll(natural).toEqual([144, 128]);
  await detail.getByRole('button', { name: 'Close' }).click();
  await expect(pictures).toHaveCount(2);

  // The same from the Create screen is the same file, which is kept once; another picture's is another.
  await app.button('Create').click();
  await app.button('Upscale with times-two').click();
  await expect(app.button('Original size')).toBeVisible();
  await app.field('Seed').fill('2');
  await app.make();
  await app.button('Upscale with times-two').click();
  await expect(app.button('Original size')).toBeVisible();
  await app.button('Gallery').click();
  await expect(pictures).toHaveCount(4);
});
