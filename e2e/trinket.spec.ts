import { availableParallelism } from 'node:os';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';

test.use({ model: 'trinket', cores: 'all' });

/** The mean colour of a square of the picture, in shares of its size. */
const mean = (app: App, left: number, top: number, size: number) =>
  app.pictures.first().evaluate(
    (image: HTMLImageElement, { left, top, size }) => {
      const canvas = new OffscreenCanvas(1, 1);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const { naturalWidth: w, naturalHeight: h } = image;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, w * left, h * top, w * size, h * size, 0, 0, 1, 1);
      const [red = 0, , blue = 0] = context.getImageData(0, 0, 1, 1).data;
      return { red, blue };
    },
    { left, top, size },
  );

test('on a first visit one types, presses Generate, watches twenty steps, and gets a red apple', async ({
  app,
}) => {
  await app.visit();
  await app.field('Prompt').fill('a red apple');
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 128, height: 128, alt: 'a red apple' });
  const hashes = (await app.draws()).map((draw) => draw.hash);
  expect(new Set(hashes).size, 'a preview for each step').toBeGreaterThanOrEqual(20);
  expect(picture?.deviation, 'not blank').toBeGreaterThan(20);
  const middle = await mean(app, 1 / 4, 1 / 4, 1 / 2);
  expect(middle.red).toBeGreaterThan(middle.blue + 40);
  const threads = Math.min(availableParallelism(), 8);
  await expect(app.outcome).toContainText(` · CPU · ${threads} thread`);
});

test('a print of the first visit is painted anew by one press, on the blue it says; the middle of a blue book is blue', async ({
  app,
}) => {
  await app.visit();
  const print = app.button('a rocket on a dark blue background');
  const shown = await print.locator('img').evaluate(thumbnail);
  await print.click();
  const [picture] = await app.arrived();
  expect(picture?.parameters).toContain('Seed: 1,');
  const painted = await app.pictures.first().evaluate(thumbnail);
  // It is stored as a WebP.
  expect(Math.max(...shown.map((value, i) => Math.abs(value - (painted[i] ?? 0))))).toBeLessThan(12);
  const corner = await mean(app, 0, 0, 1 / 16);
  expect(corner.blue).toBeGreaterThan(corner.red + 20);
  await app.field('Prompt').fill('a blue book');
  await app.make();
  const book = await mean(app, 1 / 4, 1 / 4, 1 / 2);
  expect(book.blue).toBeGreaterThan(book.red + 40);
});

/** Runs in the page: a picture in 16 × 16, as red, green and blue. */
function thumbnail(image: HTMLImageElement): number[] {
  const context = new OffscreenCanvas(16, 16).getContext('2d') as OffscreenCanvasRenderingContext2D;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, 16, 16);
  return [...context.getImageData(0, 0, 16, 16).data].filter((_, i) => i % 4 !== 3);
}

test('words it has never seen, and signs it has only as bytes, give a picture all the same', async ({
  app,
}) => {
  await app.visit('seed=1');
  await app.field('Prompt').fill('schadenfreude, naïve xylophonist №5 🎷 日本');
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 128, height: 128 });
  expect(picture?.deviation, 'not blank').toBeGreaterThan(5);
});

test('what it does not know is said while one types, and what it knows can be searched and pressed', async ({
  app,
  page,
}) => {
  await app.visit();
  const prompt = app.field('Prompt');
  await prompt.fill('eine Katze und ein Leuchtturm');
  await expect(page.getByText('Trinket does not know: Leuchtturm.')).toBeVisible();
  await app.button('a cat and a Leuchtturm').click();
  await expect(prompt).toHaveValue('a cat and a Leuchtturm');
  await page.getByText('What Trinket knows').click();
  await page.getByRole('searchbox').fill('Pinguin');
  await page.getByRole('searchbox').press('Enter');
  await expect(prompt).toHaveValue('a penguin');
  await app.button('small').click();
  await expect(prompt).toHaveValue('a small penguin');
  await expect(page.getByText('Trinket does not know')).toHaveCount(0);
  await page.getByRole('searchbox').fill('lighthouse');
  await expect(page.getByText('There is nothing called “lighthouse”.')).toBeVisible();
});
