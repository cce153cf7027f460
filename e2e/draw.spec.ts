import type { Locator, Page } from '@playwright/test';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { drawn, file, input } from './init-image.ts';
import { tasksDuring } from './main-thread.ts';
import { inSight, recordRequests, type SentRequest } from './walk.ts';

const QUICK = { prompt: 'a red apple', width: 64, height: 64, strength: 0.9 };

const paper = (page: Page) => page.getByRole('application', { name: /^Drawing/ });
/** A finished picture; the text below it says how long it took only while nothing is being painted. */
const picture = (page: Page) => page.getByRole('region', { name: 'Picture' }).getByRole('img');
const outcome = (page: Page) => page.getByText(/^[\d.]+ s · 64 × 64 · 4 steps/);

/** Draws from one place to another, parts of the paper's width and height. */
async function stroke(
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const box = await paper(page).boundingBox();
  if (!box) throw new Error('No paper to draw on.');
  const at = ([x, y]: readonly [number, number]) => [box.x + box.width * x, box.y + box.height * y] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 20 });
  await page.mouse.up();
}

/** SHA-256 of the pixels of a picture, or of what is on a canvas. */
const pixels = (shown: Locator) =>
  shown.evaluate(async (element: HTMLImageElement | HTMLCanvasElement) => {
    if (element instanceof HTMLImageElement) await element.decode();
    const [width, height] =
      element instanceof HTMLImageElement
        ? [element.naturalWidth, element.naturalHeight]
        : [element.width, element.height];
    const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(element, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });

async function open(app: App): Promise<void> {
  await app.open(QUICK);
  await app.button('Draw').click();
  await expect(paper(app.page)).toBeVisible();
}

test('the picture follows the pen, one run behind it, and is kept with the drawing', async ({
  app,
  browser,
  page,
}) => {
  await open(app);
  await stroke(page, [0.2, 0.5], [0.8, 0.5]);
  await expect(outcome(page)).toBeVisible();
  const first = await pixels(picture(page));

  await page.getByLabel('Size', { exact: true }).fill('140');
  await app.button('Green').click();
  const { longest } = await tasksDuring(browser, page, async () => {
    await stroke(page, [0.1, 0.2], [0.9, 0.2]);
    // The picture of the stroke before is being painted.
    await stroke(page, [0.3, 0.1], [0.3, 0.9]);
  });
  expect(longest, 'the longest task while drawing, ms').toBeLessThan(50);
  await expect(outcome(page)).toBeVisible();
  const last = await pixels(picture(page));
  expect(last).not.toBe(first);
  const drawn = await pixels(paper(page));

  await app.button('Undo').click();
  await expect(outcome(page)).toBeVisible();
  await paper(page).press('Control+y');
  // It is painted on another screen as well, and can be kept after it.
  await app.button('Create').click();
  await app.button('Draw').click();
  await expect(outcome(page)).toBeVisible();
  expect(await pixels(paper(page)), 'what is redone is what was drawn').toBe(drawn);
  expect(await pixels(picture(page)), 'the same drawing is painted the same').toBe(last);

  await app.button('Keep').click();
  await expect(app.button('Kept')).toBeVisible();
  await app.button('Gallery').click();
  await page.getByRole('button', { name: 'Open: a red apple' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use these settings' }).click();
  await expect(page.getByAltText('Start picture')).toBeVisible();
  const [painted] = await app.make();
  expect(painted?.pixels, 'image to image from the kept drawing paints the same').toBe(last);
  expect(painted?.parameters).toContain('Denoising strength: 0.6');
  await app.button('Draw').click();
  expect(await pixels(picture(page))).toBe(last);
  await page.reload();
  await expect(paper(page)).toBeVisible();
  await expect.poll(() => pixels(paper(page)), 'the drawing outlives the page').toBe(drawn);
});

test('a line is drawn by keyboard, and painted when the pen is up', async ({ app, page }) => {
  await open(app);
  await paper(page).press('Enter');
  await expect(page.getByText('The pen is down.')).toBeAttached();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await expect(picture(page), 'the pen is down yet').toHaveCount(0);
  const dabbed = await pixels(paper(page));
  await page.keyboard.press(' ');
  await expect(outcome(page)).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(app.button('Undo')).toHaveAttribute('aria-disabled', 'true');
  expect(await pixels(paper(page))).not.toBe(dabbed);
});

const COLOURS = 'Black Grey White Red Orange Yellow Green Blue Purple Brown'.split(' ');

test('every control of the screen does what it says', async ({ app, page }) => {
  await recordRequests(page);
  await open(app);
  const seen = await inSight(page, ['Prompt', 'Drawing', 'Picture']);
  const buttons = [
    ...['Help: Prompt', 'Brush', 'Eraser', ...COLOURS, 'Undo', 'Redo', 'Fill', 'Clear'],
    ...['Start from a picture…', 'Keep', 'Paint', 'Another seed', 'Help: Strength'],
  ].map((name) => `button “${name}”`);
  const others = ['textbox “Prompt”', 'slider “Size”', 'textbox “Another colour”', 'slider “Strength”'];
  const known = [...buttons, ...others];
  expect(seen.filter((name) => !name.startsWith('application') && !known.includes(name))).toEqual([]);
  expect(known.filter((name) => !seen.includes(name))).toEqual([]);

  let last = await pixels(paper(page));
  const blank = last;
  const changes = async (what: string, act: () => Promise<unknown>) => {
    await act();
    await expect.poll(() => pixels(paper(page)), what).not.toBe(last);
    last = await pixels(paper(page));
  };
  const press = (name: string) => changes(name, () => app.button(name).click());
  const dab = async () => {
    for (let times = 0; times < 2; times++) await paper(page).press('Enter');
  };
  await changes('Brush', dab);
  await changes('Size', () => page.getByLabel('Size', { exact: true }).fill('100').then(dab));
  await changes('Eraser', () => app.button('Eraser').click().then(dab));
  await page.getByLabel('Another colour').fill('#123456');
  for (const name of ['Fill', 'Undo', 'Redo', 'Clear']) await press(name);
  expect(last).toBe(blank);
  await changes('Yellow', () => app.button('Yellow').click().then(dab));
  const picture = file(await drawn(app, 96, 96));
  await changes('Start from a picture', () => input(app).last().setInputFiles(picture));

  const sent = () =>
    page.evaluate(() => (globalThis as unknown as { sent: SentRequest[] }).sent.at(-1) ?? {});
  await page.getByRole('slider', { name: 'Strength' }).fill('0.3');
  await expect.poll(async () => (await sent()).image).toMatchObject({ strength: 0.3 });
  const { seed } = await sent();
  await app.button('Another seed').click();
  await expect.poll(async () => (await sent()).seed).not.toBe(seed);
  await app.field('Prompt').fill('a blue book');
  await expect.poll(async () => (await sent()).prompt).toBe('a blue book');
  await expect(outcome(page)).toBeVisible();
  const download = page.waitForEvent('download');
  await app.button('Download').click();
  expect((await download).suggestedFilename()).toBe(`a-blue-book-${(await sent()).seed}.png`);
  const count = () => page.evaluate(() => (globalThis as unknown as { sent: unknown[] }).sent.length);
  const before = await count();
  await app.button('Paint').click();
  await expect.poll(count).toBe(before + 1);
});
