import type { Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';

const SMALL_PHONE = { width: 320, height: 568 };
const DAY = 24 * 3600 * 1000;
/** Their sizes, the days since they were made, and what else differs. */
const PICTURES = [
  { name: 'a wide hill', width: 192, height: 96, days: 0, tags: ['hills'], isFavourite: false },
  { name: 'a tall tower', width: 64, height: 128, days: 0, tags: [], isFavourite: true },
  { name: 'a square cat', width: 96, height: 96, days: 1, tags: ['x'.repeat(10_000)], isFavourite: false },
  { name: 'a frog', width: 96, height: 96, days: 40, tags: 'none', experiment: 'e', isFavourite: false },
  { name: 'a frog', width: 96, height: 96, days: 40, tags: [], experiment: 'e', isFavourite: false },
];

/** A zip as the gallery exports it. */
async function galleryZip(page: Page): Promise<Buffer> {
  const pngs = await page.evaluate(async (sizes) => {
    const files: number[][] = [];
    for (const [i, { width, height }] of sizes.entries()) {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.fillStyle = `hsl(${i * 70} 60% 50%)`;
      context.fillRect(0, 0, width, height);
      files.push([...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())]);
    }
    return files;
  }, PICTURES);
  const now = Date.now();
  const pictures = PICTURES.map(({ name, days, ...change }, i) => ({
    file: `${i}.png`,
    row: {
      ...{ id: `row ${i}`, createdAt: now - days * DAY - i, hash: '0'.repeat(64), bytes: 1, deletedAt: null },
      ...{ seconds: null, device: null, revision: null, image: null, mask: null, ...change },
      settings: { tool: 'Safelight', settings: { prompt: name, seed: i, numInferenceSteps: 5 + i } },
    },
  }));
  const files = Object.fromEntries(pngs.map((png, i) => [`${i}.png`, new Uint8Array(png)]));
  return Buffer.from(
    zipSync({ ...files, 'gallery.json': strToU8(JSON.stringify({ version: 1, pictures })) }),
  );
}

const names = (page: Page) =>
  page
    .locator('li[data-index] button')
    .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

test('pictures have their shapes and days, are sorted, tagged, stacked and compared; the last one is there after a reload', async ({
  app,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.visit('prompt=mine&steps=9');
  const buffer = await galleryZip(page);
  await app.button('Gallery').click();
  await page.getByLabel('Import…').setInputFiles({ name: 'all.zip', mimeType: 'application/zip', buffer });
  await expect(page.getByText('5 pictures imported')).toBeVisible();
  await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Today');
  await expect(page.getByRole('heading', { level: 2 }).nth(1)).toHaveText('Yesterday');
  const stack = 'Open: Experiment of 2 pictures: a frog';
  expect(await names(page)).toEqual(['Open: a wide hill', 'Open: a tall tower', 'Open: a square cat', stack]);
  for (const [i, ratio] of [2, 0.5, 1].entries()) {
    const box = await page.locator(`li[data-index="${i}"]`).boundingBox();
    expect((box?.width ?? 0) / (box?.height ?? 1), 'its shape').toBeCloseTo(ratio, 1);
  }
  await page.getByRole('button', { name: 'Open: a tall tower' }).focus();
  await page.keyboard.press('ArrowDown');
  const third = page.getByRole('button', { name: 'Open: a square cat' });
  await expect(third).toBeFocused();
  await third.evaluate((button) => {
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));
    // No frame comes in between: a fast Enter is for the picture that End went to.
    (document.activeElement as HTMLElement).click();
  });
  await expect(page.getByRole('button', { name: 'Open: a frog' }).first()).toBeFocused();
  expect(await names(page)).toEqual(['Open: a frog', 'Open: a frog']);
  await app.button('← All pictures').click();

  await page.getByLabel('Sort', { exact: true }).selectOption('Favourites first');
  await expect(page.getByRole('button', { name: /^Open/ }).first()).toHaveAccessibleName(
    'Open: a tall tower',
  );
  await page.getByLabel('Select: a wide hill').check();
  await page.getByLabel('Select: a tall tower').check();
  await app.button('Tags…').click();
  await page
    .getByRole('textbox', { name: 'New tag' })
    .or(page.getByRole('combobox', { name: 'New tag' }))
    .fill('for Anna, hills');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('list', { name: 'Tags' }).getByRole('listitem')).toHaveText([
    'for Anna',
    'hills',
  ]);
  await page.keyboard.press('Escape');

  await app.button('Compare').click();
  const dialog = page.getByRole('dialog', { name: 'Compare two pictures' });
  await expect(dialog.getByRole('row', { name: /^Steps/ })).toHaveText('Steps65');
  expect(await findings(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Side by side' }).click();
  await dialog.getByRole('button', { name: 'Larger' }).click();
  const [left, right] = [dialog.getByRole('group').first(), dialog.getByRole('group').last()];
  await left.evaluate((pane) => pane.scrollTo(40, 30));
  await expect.poll(() => right.evaluate((pane) => [pane.scrollLeft, pane.scrollTop])).toEqual([40, 30]);
  const wide = page.viewportSize() as { width: number; height: number };
  await page.setViewportSize(SMALL_PHONE);
  const [leftBox, rightBox] = [await left.boundingBox(), await right.boundingBox()];
  expect(leftBox?.width, 'the panes of a small phone').toBeGreaterThan(100);
  expect((leftBox?.x ?? 0) + (leftBox?.width ?? 0)).toBeLessThanOrEqual(rightBox?.x ?? 0);
  await page.setViewportSize(wide);
  await page.keyboard.press('Escape');

  await page.reload();
  await app.button('Gallery').click();
  await expect(page.getByLabel('Sort', { exact: true })).toHaveValue('favourites');
  await page.getByLabel('Tag', { exact: true }).selectOption('for Anna (2)');
  await expect(page.getByText('2 of 5 pictures')).toBeVisible();
  await page.getByLabel('Select: a tall tower').check();
  await app.button('Tags…').click();
  await app.button('Remove the tag for Anna').click();
  await expect(page.getByText('1 of 5 pictures')).toBeVisible();
  await expect(page.getByRole('dialog', { name: 'Tags of 1 picture' }), 'the filter hides it').toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Open: a wide hill' }).click();
  await page.setViewportSize(SMALL_PHONE);
  const facts = page.getByRole('dialog').locator('dl');
  expect(await facts.evaluate(({ parentElement: list }) => list && list.scrollWidth - list.clientWidth)).toBe(
    0,
  );
  await page.setViewportSize(wide);
  await app.button('Copy link').click();
  await expect(page.getByText('Link copied.', { exact: true })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).hash).toContain('prompt=a+wide+hill');
  expect(new URLSearchParams(new URL(link).hash.slice(1)).get('steps')).toBe('5');

  await page.reload();
  await app.button('Create').click();
  await expect(app.pictures).toHaveAttribute('alt', 'a wide hill');
  await expect(page.getByText('From the gallery; the form has other settings.')).toBeVisible();
  await expect(app.field('Prompt')).toHaveValue('mine');
  const strip = page.getByRole('list', { name: 'Last pictures' }).getByRole('button');
  await expect(strip.first()).toHaveAttribute('aria-current', 'true');
  await strip.first().focus();
  await page.keyboard.press('f');
  await expect(strip.first()).toHaveAccessibleName('a wide hill, Favourite');
  await app.button('Compare').click();
  await expect(dialog.getByRole('combobox', { name: 'Left' })).toHaveValue(/.+/);
  await expect(dialog.getByRole('img').first()).toHaveAttribute('src', /^blob:/);
});
