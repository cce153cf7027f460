import type { Locator } from '@playwright/test';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';

// Hires: a picture made small, enlarged, and refined at that size.

/** The colours of a pixel of the picture, as it is shown. */
const pixel = (image: Locator, x: number, y: number) =>
  image.evaluate(
    (element: HTMLImageElement, [left, top]) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(element, -(left as number), -(top as number));
      return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    },
    [x, y],
  );

const setHires = async (app: App, how: 'latent' | 'image', by: string, steps: string) => {
  await app.field('Hires fix').selectOption(how);
  await app.field('Upscale by').fill(by);
  await app.field('Hires steps').fill(steps);
};

test('Hires makes a larger picture, from its latents or from its pixels, step by step, and the picture says so', async ({
  app,
}) => {
  await app.open({ width: 64, height: 80 });
  await app.button('Lock seed').click();
  const [small] = await app.make();
  await expect(app.field('Upscale by')).toBeHidden();
  await setHires(app, 'latent', '1.5', '4');
  await expect(app.page.getByText('96 × 120 pixels')).toBeVisible();
  await app.field('Hires strength').fill('0.5');
  await app.forgetDraws();
  const [latent] = await app.make();
  expect(latent).toMatchObject({ width: 96, height: 120 });
  expect(latent?.deviation).toBeGreaterThan(3);
  expect(latent?.parameters).toContain(
    'Size: 64x80, Model: trinket, Denoising strength: 0.5, Hires upscale: 1.5',
  );
  expect(latent?.parameters).toContain('Hires steps: 4, Hires upscaler: Latent,');
  expect(small?.parameters).not.toContain('Hires');
  await expect(app.page.getByText('96 × 120 · 3 + 4 steps')).toBeVisible();
  const draws = await app.draws();
  expect(draws.filter(({ size }) => size === '8×10').length, 'previews of the first pass').toBeGreaterThan(0);
  const larger = draws.filter(({ size }) => size === '12×15');
  expect(new Set(larger.map(({ hash }) => hash)).size, 'and of the second').toBeGreaterThan(1);
  expect(larger.map(({ progress }) => progress).join()).toMatch(/Hires: step \d of 4/);

  await app.field('Hires fix').selectOption('image');
  const [image] = await app.make();
  expect(image).toMatchObject({ width: 96, height: 120 });
  expect(image?.pixels).not.toBe(latent?.pixels);
  for (const [field, value] of [
    ['Hires strength', '0.9'],
    ['Hires steps', '2'],
  ] as const) {
    await app.field(field).fill(value);
    const [other] = await app.make();
    expect(other?.pixels, field).not.toBe(image?.pixels);
  }

  await app.field('Hires fix').selectOption('off');
  const [again] = await app.make();
  expect(again?.pixels).toBe(small?.pixels);
});

test('several pictures are each the same as alone, the filmstrip shows both passes, and the link brings it back', async ({
  app,
}) => {
  const hires = { hires: 'latent', hiresScale: 1.25, hiresStrength: 0.6, hiresSteps: 2 };
  await app.open({ seed: 5, images: 2, filmstrip: 1, ...hires });
  const pictures = await app.make(2);
  expect(pictures.map(({ width }) => width)).toEqual([80, 80]);
  const strip = app.page.getByRole('list', { name: 'Filmstrip of seed 6' });
  await expect(strip.getByRole('img')).toHaveCount(3 + 2);
  await expect(strip.getByRole('img', { name: 'After Hires step 2' })).toBeVisible();
  const link = new URL(app.page.url()).hash;
  expect(link).toContain('hires=latent&hiresScale=1.25&hiresStrength=0.6&hiresSteps=2');

  await app.follow({ seed: 6, ...hires });
  const [alone] = await app.make();
  expect(alone?.pixels).toBe(pictures[1]?.pixels);
});

test('a stop in the second pass stops there', async ({ app }) => {
  await app.open({ steps: 2, hires: 'image', hiresScale: 2, hiresSteps: 150 });
  await app.generate.click();
  await expect(app.progress).toHaveAttribute('aria-valuetext', /Hires: step/);
  expect(await app.timeToStop(() => app.stop.click())).toBeLessThan(3000);
  await expect(app.page.getByText(/Stopped at Hires step \d+ of 150/)).toBeVisible();
  await expect(app.alert).toHaveCount(0);
  await app.field('Hires steps').fill('1');
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 128, height: 128 });
});

test('what a mask keeps is there at the larger size, pixel for pixel', async ({ app }) => {
  await app.open({ hires: 'image', hiresScale: 2, hiresSteps: 2 });
  // A picture of more pixels than are painted at first: a white line of one pixel in blue.
  const bytes = await app.page.evaluate(async () => {
    const canvas = new OffscreenCanvas(128, 128);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.fillStyle = 'blue';
    context.fillRect(0, 0, 128, 128);
    context.fillStyle = 'white';
    context.fillRect(101, 0, 1, 128);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  const file = { name: 'line.png', mimeType: 'image/png', buffer: Buffer.from(bytes) };
  await app.page.locator('input[type=file][accept="image/*"]').setInputFiles(file);
  await app.field('Strength').fill('1');
  await app.button('Inpaint…').click();
  await app.button('Soft edge').click();
  const mask = app.page.getByRole('application', { name: /^Mask/ });
  const box = await mask.boundingBox();
  if (!box) throw new Error('No mask to draw on.');
  await app.page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.1);
  await app.page.mouse.down();
  await app.page.mouse.move(box.x + box.width * 0.2, box.y + box.height * 0.9, { steps: 5 });
  await app.page.mouse.up();
  await app.button('Done').click();
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 128, height: 128 });
  const image = app.pictures.first();
  expect(await pixel(image, 100, 64)).toEqual([0, 0, 255]);
  expect(await pixel(image, 101, 64)).toEqual([255, 255, 255]);
  expect(await pixel(image, 26, 64), 'repainted').not.toEqual([0, 0, 255]);
});

test('a wrong number of Hires is shown also when Hires fix is off', async ({ app }) => {
  await app.open({ hires: 'latent' });
  await app.field('Upscale by').fill('9');
  await app.field('Hires fix').selectOption('off');
  await app.generate.click();
  await expect(app.page.getByText('Upscale by must be a number from 1 to 4.')).toBeVisible();
  await app.field('Upscale by').fill('2');
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 64, height: 64 });
});
