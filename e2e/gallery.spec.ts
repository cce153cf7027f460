import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { tasksDuring } from './main-thread.ts';

const grid = (page: Page) => page.getByRole('list', { name: 'Pictures' });
const opener = (page: Page, prompt: string) =>
  page.getByRole('button', { name: `Open: ${prompt}`, exact: true });

async function openGallery(app: App): Promise<void> {
  await app.button('Gallery').click();
  await expect(app.page.getByText('Loading pictures…')).toBeHidden();
}

/** The bytes of the picture on the easel. */
async function shownBytes(app: App): Promise<string> {
  const bytes = await app.pictures.first().evaluate(async (image: HTMLImageElement) => {
    return Array.from(new Uint8Array(await (await fetch(image.src)).arrayBuffer()));
  });
  return createHash('sha256').update(Buffer.from(bytes)).digest('hex');
}

test('every picture is kept: after a reload it is there, and its settings make it again', async ({
  app,
  page,
}) => {
  await app.open({ prompt: 'a green frog', negative: 'blurry', seed: 11, steps: 2, guidance: 4, width: 72 });
  const [first] = await app.make();
  const bytes = await shownBytes(app);
  await app.open({ prompt: 'something else' });
  await openGallery(app);
  await opener(page, 'a green frog').click();
  const detail = page.getByRole('dialog');
  await expect(detail.getByText('blurry')).toBeVisible();
  const saved = page.waitForEvent('download');
  await detail.getByRole('button', { name: 'Download' }).click();
  const file = await (await saved).path();
  expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(bytes);

  await detail.getByRole('button', { name: 'Use these settings' }).click();
  await expect(app.field('Prompt')).toHaveValue('a green frog');
  await expect(app.field('Width')).toHaveValue('72');
  await expect(app.field('Seed')).toHaveValue('11');
  await expect(app.pictures).toHaveCount(1);
  expect(await shownBytes(app), 'it is shown beside its settings').toBe(bytes);
  const other = page.getByText('From the gallery; the form has other settings.');
  await expect(other).toBeHidden();
  await app.field('Steps').fill('3');
  await expect(other).toBeVisible();
  await app.button('Use its settings').click();
  await expect(app.field('Steps')).toHaveValue('2');
  await expect(other).toBeHidden();
  const [again] = await app.make();
  expect(again?.pixels).toBe(first?.pixels);
  await openGallery(app);
  await expect(page.getByText('1 picture ·')).toBeVisible();
});

test('a picture that started from another, extended and marked, is made again from its settings', async ({
  app,
  page,
}) => {
  await app.open({ prompt: 'a photo', steps: 4 });
  const photo = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(96, 64);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.fillStyle = 'teal';
    context.fillRect(0, 0, 48, 64);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  const input = page.locator('input[type=file][accept="image/*"]');
  await input.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: Buffer.from(photo) });
  await app.field('Strength').fill('0.8');
  await app.button('Extend…').click();
  await app.field('Right').fill('32');
  await app.button('Done').click();
  await app.button('Inpaint…').click();
  const mask = page.getByRole('application', { name: /^Mask/ });
  await mask.press('ArrowLeft');
  await mask.press(' ');
  await app.button('Done').click();
  const [first] = await app.make();

  await app.button('Remove the picture').click();
  const [plain] = await app.make();
  expect(plain?.pixels).not.toBe(first?.pixels);

  const last = page.getByRole('list', { name: 'Last pictures' }).getByRole('button');
  await last.last().click();
  await expect(last.last()).toHaveAttribute('aria-current', 'true');
  const [shown] = await app.arrived();
  expect(shown?.pixels, 'one of the last pictures is shown').toBe(first?.pixels);
  await page.keyboard.press('ArrowLeft');
  await expect(last.first()).toBeFocused();
  await expect(last.first()).toHaveAttribute('aria-current', 'true');
  expect((await app.arrived())[0]?.pixels).toBe(plain?.pixels);
  await openGallery(app);
  await opener(page, 'a photo').last().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use these settings' }).click();
  await expect(app.field('Strength')).toHaveValue('0.8');
  await expect(page.getByText('To paint: 32 right pixels.')).toBeVisible();
  await app.button('Change the mask…').click();
  const marked = () =>
    mask.evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      return context
        .getImageData(0, 0, canvas.width, canvas.height)
        .data.filter((x, i) => i % 4 === 3 && x > 0).length;
    });
  await expect.poll(marked, 'the mask is seen again').toBeGreaterThan(1000);
  await app.button('Done').click();
  const [again] = await app.make();
  expect(again?.pixels).toBe(first?.pixels);
});

test('pictures are deleted and restored, marked, and found by keyboard', {
  tag: ['@firefox', '@webkit'],
}, async ({ app, page }) => {
  await app.open();
  for (const [prompt, seed] of [
    ['a red apple', 1],
    ['a blue house', 2],
    ['a red house', 3],
  ] as const) {
    await app.follow({ prompt, seed, steps: 1 });
    await app.make();
  }
  await openGallery(app);
  await expect(page.getByText('3 pictures ·')).toBeVisible();
  await page.getByLabel('Search prompts').fill('house red');
  await expect(grid(page).getByRole('listitem')).toHaveCount(1);
  await page.getByLabel('Search prompts').fill('');

  await opener(page, 'a red house').focus();
  await page.keyboard.press('ArrowRight');
  await expect(opener(page, 'a blue house')).toBeFocused();
  await page.keyboard.press('x');
  await page.getByRole('button', { name: 'Favourite', exact: true }).click();
  await page.getByRole('button', { name: 'Deselect 1', exact: true }).click();
  await page.getByRole('button', { name: 'Favourites' }).click();
  await expect(grid(page).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Favourites' }).click();

  await opener(page, 'a red apple').click({ modifiers: ['ControlOrMeta'] });
  // Now a press selects, and the buttons say so.
  await expect(page.getByRole('button', { name: 'a red apple', exact: true, pressed: true })).toBeVisible();
  await page.getByRole('button', { name: 'a red apple', exact: true }).click();
  await page.getByLabel('Select: a red apple').check();
  await page.getByLabel('Select: a red house').click({ modifiers: ['Shift'] });
  await app.button('Delete').click();
  await expect(page.getByText('No pictures yet')).toBeVisible();
  await page.reload();
  await openGallery(app);
  await expect(page.getByText('No pictures yet')).toBeVisible();
});

test('what is deleted comes back with Undo, in another tab too', async ({ app, page, context, server }) => {
  await app.open({ prompt: 'a red apple', steps: 1 });
  await app.make();
  const other = await context.newPage();
  await other.goto(server.url);
  await other.getByRole('button', { name: 'Gallery', exact: true }).click();
  await expect(opener(other, 'a red apple')).toBeVisible();
  await openGallery(app);
  await page.getByLabel('Select: a red apple').check();
  await app.button('Delete').click();
  await expect(opener(page, 'a red apple')).toBeHidden();
  await expect(opener(other, 'a red apple')).toBeHidden();
  await expect(app.button('Undo')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(opener(page, 'a red apple')).toBeVisible();
  await expect(opener(other, 'a red apple')).toBeVisible();
});

test('without room the picture stays on the easel, the page says why, and it is saved when there is room', async ({
  app,
  page,
  server,
}) => {
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(server.url);
  // Before anything is kept: Chromium grants what it has once found free for half a minute.
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await app.open({ prompt: 'a red apple', steps: 1 });
  await app.generate.click();
  await expect(app.alert).toContainText('no space left on this device to save the picture');
  await expect(app.alert).toContainText('1 picture is not saved yet');
  await expect(app.pictures.first()).toBeVisible();
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await app.generate.click();
  await expect(app.alert).toBeHidden();
  await openGallery(app);
  await expect(page.getByText('2 pictures ·')).toBeVisible();
});

test('the picture that has the focus keeps it, however far the others are scrolled', async ({
  app,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 400 });
  await app.open({ prompt: 'a red apple', steps: 1, images: 16, width: 64, height: 64 });
  await app.make(16);
  await openGallery(app);
  await opener(page, 'a red apple').first().focus();
  const { height } = await page.evaluate(() => {
    scrollTo(0, 1e6);
    return { height: document.documentElement.scrollHeight };
  });
  expect(height).toBeGreaterThan(800);
  await expect(page.locator('li[data-index="15"]')).toBeInViewport();
  await expect(page.locator('li[data-index="0"] button')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('li[data-index="3"] button')).toBeFocused();
  await expect(page.locator('li[data-index="3"] button')).toBeInViewport();
});

test('pictures exported as a zip come back with the same bytes, settings and favourites', async ({
  app,
  page,
}) => {
  await app.open({ prompt: 'a red apple', images: 2, steps: 1 });
  await app.make(2);
  await openGallery(app);
  await opener(page, 'a red apple').first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Favourite' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  const saved = page.waitForEvent('download');
  await app.button('Export all').click();
  const path = await (await saved).path();
  const entries = unzipSync(readFileSync(path));
  expect(Object.keys(entries).sort()).toEqual(['a-red-apple-1.png', 'a-red-apple-2.png', 'gallery.json']);

  await app.button('Select all').click();
  await app.button('Delete').click();
  await page
    .getByLabel('Import…')
    .setInputFiles({ name: 'x.zip', mimeType: 'application/zip', buffer: readFileSync(path) });
  await expect(page.getByText('2 pictures imported')).toBeVisible();
  await page.getByRole('button', { name: 'Favourites' }).click();
  await expect(grid(page).getByRole('listitem')).toHaveCount(1);
  await page.getByRole('button', { name: 'Favourites' }).click();
  const again = page.waitForEvent('download');
  await app.button('Export all').click();
  const second = unzipSync(readFileSync(await (await again).path()));
  for (const name of ['a-red-apple-1.png', 'a-red-apple-2.png'])
    expect(Buffer.from(second[name] as Uint8Array).equals(Buffer.from(entries[name] as Uint8Array))).toBe(
      true,
    );

  const png = Buffer.from(entries['a-red-apple-1.png'] as Uint8Array);
  await page.getByLabel('Import…').setInputFiles([
    { name: 'one.png', mimeType: 'image/png', buffer: png },
    { name: 'no.png', mimeType: 'image/png', buffer: Buffer.from('nothing') },
    { name: 'half.png', mimeType: 'image/png', buffer: png.subarray(0, 100) },
    {
      name: 'two.png',
      mimeType: 'image/png',
      buffer: Buffer.from(entries['a-red-apple-2.png'] as Uint8Array),
    },
  ]);
  await expect(page.getByText('0 pictures imported, 2 already here, 2 not imported')).toBeVisible();
  const refused = page.getByRole('list', { name: '2 not imported' }).getByRole('listitem');
  await expect(refused).toHaveText([/^no\.png .+\.$/, /^half\.png .+\.$/]);
});

test('five thousand pictures scroll without a task of 100 ms', async ({ app, browser, page }) => {
  await app.open({ prompt: 'a red apple', steps: 1 });
  await app.make();
  await openGallery(app);
  await page.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open('safelight/gallery');
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const get = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
    const [row] = await get(db.transaction('rows').objectStore('rows').getAll());
    const thumbnail = await get(db.transaction('files').objectStore('files').get(`thumbnail/${row.id}`));
    const change = db.transaction(['rows', 'files'], 'readwrite');
    for (let i = 0; i < 5000; i++) {
      change.objectStore('rows').put({ ...row, id: `copy-${i}`, createdAt: i });
      change.objectStore('files').put(thumbnail, `thumbnail/copy-${i}`);
    }
    await new Promise((resolve) => {
      change.oncomplete = resolve;
    });
    db.close();
  });
  await page.reload();
  await openGallery(app);
  await expect(page.getByText('5001 pictures ·')).toBeVisible();
  let seen = { height: 0, shown: 0 };
  const scroll = async () => {
    seen = await page.evaluate(async () => {
      const height = document.documentElement.scrollHeight;
      for (let at = 0; at < height; at += height / 150) {
        scrollTo(0, at);
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return { height, shown: document.querySelectorAll('li[data-index]').length };
    });
  };
  const { count, longest } = await tasksDuring(browser, page, scroll);
  console.log(`5,001 pictures: the longest task took ${longest} ms, ${seen.shown} thumbnails in the page`);
  expect(count, 'tasks seen').toBeGreaterThan(150);
  expect(seen.height).toBeGreaterThan(50_000);
  expect(seen.shown).toBeLessThan(120);
  expect(longest).toBeLessThan(100);
  await page.getByLabel('Search prompts').fill('nothing like this');
  await expect(grid(page).getByRole('listitem')).toHaveCount(0);
});
