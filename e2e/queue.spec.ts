import { createHash } from 'node:crypto';
import type { Page } from '@playwright/test';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { readPng } from './png.ts';

// Jobs wait behind one that is too long to end by itself, until it is stopped.

/** Long enough that what is lined up behind it waits. */
const LONG = { steps: 150, width: 128, height: 128 };

interface Painted {
  readonly seed: number;
  /** SHA-256 of the whole PNG, its text included. */
  readonly hash: string;
}

/** Notes every PNG the page gets to show, in order. */
async function recordPictures(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const blobs: Blob[] = [];
    Object.assign(globalThis, { blobs });
    const original = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      // Thumbnails are none.
      if (blob.type === 'image/png') blobs.push(blob);
      return original(blob);
    };
  });
}

/** The pictures the page has painted since it was loaded. */
async function painted(page: Page): Promise<Painted[]> {
  const files = await page.evaluate(() =>
    Promise.all(
      (globalThis as unknown as { blobs: Blob[] }).blobs.map(async (blob) => [
        ...new Uint8Array(await blob.arrayBuffer()),
      ]),
    ),
  );
  return files
    .map((bytes) => Buffer.from(bytes))
    .map((png) => ({ png, seed: /Seed: (\d+)/.exec(readPng(png).parameters)?.[1] }))
    .filter(({ seed }) => seed !== undefined)
    .map(({ png, seed }) => ({ seed: Number(seed), hash: createHash('sha256').update(png).digest('hex') }));
}

const seeds = async (page: Page) => (await painted(page)).map(({ seed }) => seed);
const line = (app: App) => app.page.getByRole('button', { name: /^Queue: / });
const EMPTY = 'Queue: The queue is empty';
const rows = (app: App) => app.page.getByRole('list', { name: 'Waiting' }).getByRole('listitem');

/** Presses Generate once for each seed, with a prompt of its own. */
async function lineUp(app: App, ...list: readonly number[]): Promise<void> {
  for (const seed of list) {
    await app.field('Prompt').fill(`number ${seed}`);
    await app.field('Seed').fill(String(seed));
    await app.generate.click();
  }
}

/** Something long is being painted, and these wait behind it. */
async function lineUpBehind(app: App, ...list: readonly number[]): Promise<void> {
  await openLong(app);
  await lineUpBehindLong(app, ...list);
}

async function openLong(app: App): Promise<void> {
  await app.open({ ...LONG, seed: 999, prompt: 'something long' });
  await forgetShown(app.page);
}

/** The last print of an earlier visit is none of what is painted now. */
async function forgetShown(page: Page): Promise<void> {
  await expect(page.locator('section[aria-busy]')).toHaveCount(0);
  await page.evaluate(() => {
    (globalThis as unknown as { blobs: Blob[] }).blobs.length = 0;
  });
}

async function lineUpBehindLong(app: App, ...list: readonly number[]): Promise<void> {
  await app.generate.click();
  await expect(app.stop).toBeVisible();
  await app.field('Steps').fill('3');
  await app.field('Width').fill('64');
  await app.field('Height').fill('64');
  await lineUp(app, ...list);
  await expect(line(app)).toContainText(`${list.length} waiting`);
}

/** No job is stored any more: each is deleted after its picture is saved, and would wait for Resume after a reload. */
const allDone = (page: Page) =>
  expect
    .poll(() =>
      page.evaluate(async () => {
        const opening = indexedDB.open('safelight/queue');
        await new Promise((resolve) => opening.addEventListener('success', resolve));
        const stored = opening.result.transaction('jobs').objectStore('jobs').count();
        await new Promise((resolve) => stored.addEventListener('success', resolve));
        opening.result.close();
        return stored.result;
      }),
    )
    .toBe(0);

/** The prompts of what waits, from the top; the list is open. */
const waiting = (app: App) => rows(app).locator('p:first-child').allInnerTexts();

const stopLong = (app: App) => app.stop.first().click();

test.beforeEach(async ({ page }) => recordPictures(page));

test('three jobs lined up are painted in order, each as it would be alone', async ({ app, page }) => {
  await app.open();
  for (const seed of [1, 2, 3]) {
    await lineUp(app, seed);
    await expect.poll(() => seeds(page)).toContain(seed);
  }
  const alone = await painted(page);
  await allDone(page);

  await lineUpBehind(app, 2, 3, 1);
  await stopLong(app);
  await expect.poll(() => seeds(page)).toEqual([2, 3, 1]);
  const together = await painted(page);
  for (const { seed, hash } of together)
    expect(hash, `seed ${seed}`).toBe(alone.find((one) => one.seed === seed)?.hash);
  expect(new Set(together.map(({ hash }) => hash)).size).toBe(3);
  await expect(line(app)).toHaveAccessibleName(EMPTY);
});

test('Ctrl+Enter lines up too, each press with a seed of its own', async ({ app, page }) => {
  await app.open(LONG);
  await app.generate.click();
  await app.field('Steps').fill('2');
  for (let press = 0; press < 3; press++) await page.keyboard.press('Control+Enter');
  await expect(line(app)).toContainText('3 waiting');
  await stopLong(app);
  await expect.poll(async () => new Set(await seeds(page)).size).toBe(3);
});

test('jobs are moved by buttons, by keyboard and by dragging, and one is cancelled', async ({
  app,
  page,
}) => {
  await lineUpBehind(app, 1, 2, 3, 4);
  const workers = page.workers();
  await line(app).click();
  expect(await waiting(app)).toEqual(['number 1', 'number 2', 'number 3', 'number 4']);

  await app.button('Move number 3 up').click();
  expect(await waiting(app)).toEqual(['number 1', 'number 3', 'number 2', 'number 4']);
  await expect(page.getByRole('status')).toContainText('Moved to place 2 of 4.');
  await app.button('Move number 1 down').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  expect(await waiting(app)).toEqual(['number 3', 'number 2', 'number 1', 'number 4']);
  await expect(app.button('Move number 1 down')).toBeFocused();

  const handle = await rows(app).nth(3).getByTitle('Drag to reorder').boundingBox();
  const first = await rows(app).nth(0).boundingBox();
  if (!handle || !first) throw new Error('No row to drag.');
  await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
  await page.mouse.down();
  await page.mouse.move(first.x + 20, first.y + 5, { steps: 5 });
  await page.mouse.up();
  expect(await waiting(app)).toEqual(['number 4', 'number 3', 'number 2', 'number 1']);

  await app.button('Cancel number 2').focus();
  await page.keyboard.press('Enter');
  await expect(app.button('Cancel number 1')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(rows(app)).toHaveCount(0);
  await expect(app.stop, 'Esc closed the list and stopped nothing').toHaveCount(1);
  await expect(line(app)).toBeFocused();

  await stopLong(app);
  await expect.poll(() => seeds(page)).toEqual([4, 3, 1]);
  expect(page.workers(), 'cancelling ends no worker').toEqual(workers);
});

test('Cancel all leaves what is being painted; Stop all does not', async ({ app, page }) => {
  await lineUpBehind(app, 1, 2);
  await line(app).click();
  await app.button('Cancel all').click();
  await expect(rows(app)).toHaveCount(0);
  await expect(app.stop.first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Queue' }), 'the focus is not lost').toBeFocused();
  await app.button('Close the queue').click();

  await lineUp(app, 3, 4);
  await line(app).click();
  expect(await app.timeToStop(() => app.button('Stop all').click())).toBeLessThan(3000);
  await app.button('Close the queue').click();
  expect(await seeds(page)).toEqual([]);
  await lineUp(app, 5);
  await expect.poll(() => seeds(page)).toEqual([5]);
});

test('after a reload what was left waits to be started, its start picture included', async ({
  app,
  page,
}) => {
  await app.open();
  await app.page.locator('input[type=file][accept="image/*"]').setInputFiles({
    name: 'picture.png',
    mimeType: 'image/png',
    buffer: await drawn(page),
  });
  await expect(page.getByRole('region', { name: 'Settings' }).getByAltText('Start picture')).toBeVisible();
  await lineUp(app, 1);
  await expect.poll(() => seeds(page)).toEqual([1]);
  const [alone] = await painted(page);
  await allDone(page);

  await openLong(app);
  await expect(
    page.getByRole('region', { name: 'Settings' }).getByAltText('Start picture'),
    'it is there again',
  ).toBeVisible();
  await lineUpBehindLong(app, 2, 1);
  await app.button('Remove the picture').click();
  await lineUp(app, 3);
  await line(app).click();
  await expect(rows(app).getByAltText('Start picture')).toHaveCount(2);
  await page.reload();

  await expect(line(app)).toContainText('4 from your last visit');
  await expect(app.stop, 'nothing starts by itself').toHaveCount(0);
  const left = page.getByRole('region', { name: 'From your last visit' });
  await expect(left.getByRole('listitem')).toHaveText([/something long/, /number 2/, /number 1/]);
  await expect(left).toContainText('And 1 more, in the queue.');
  await app.button('Drop something long').click();
  await line(app).click();
  await expect(rows(app).getByAltText('Start picture')).toHaveCount(2);
  expect(await waiting(app)).toEqual(['number 2', 'number 1', 'number 3']);
  await app.button('Close the queue').click();
  await expect(app.pictures, 'the last print is there').toHaveAttribute('alt', 'number 1');
  await forgetShown(page);
  await left.getByRole('button', { name: 'Start all' }).click();
  await expect.poll(() => seeds(page)).toEqual([2, 1, 3]);
  await expect(left).toHaveCount(0);
  expect((await painted(page))[1]?.hash).toBe(alone?.hash);
  await allDone(page);
  await page.reload();
  await expect(app.pictures, 'the last print is there').toHaveAttribute('alt', 'number 3');
  await forgetShown(page);
  await lineUp(app, 7);
  await expect.poll(() => seeds(page)).toEqual([7]);
  await expect(line(app), 'nothing is left over').toHaveAccessibleName(EMPTY);
});

test('another tab does not take over what a tab that lives has lined up', async ({
  app,
  page,
  context,
  server,
}) => {
  await lineUpBehind(app, 1, 2);
  const other = await context.newPage();
  await other.goto(server.url);
  await expect(other.getByRole('button', { name: 'Generate', exact: true })).toBeVisible();
  await expect(other.getByRole('button', { name: EMPTY })).toBeVisible();
  await page.close();
  await expect(other.getByRole('button', { name: /^Queue: / })).toContainText('3 from your last visit');
});

test('a job that fails does not stop the next, and can be tried again', async ({ app, page }) => {
  await lineUpBehind(app, 1);
  await app.openAdvanced();
  await app.field('Device').selectOption('webgpu');
  await lineUp(app, 2);
  await app.field('Device').selectOption('wasm');
  await lineUp(app, 3);
  await stopLong(app);
  await expect.poll(() => seeds(page)).toEqual([1, 3]);
  await expect(line(app)).toHaveText('Queue: 1 failed');
  await line(app).click();
  const failed = page.getByRole('list', { name: 'Failed' }).getByRole('listitem');
  await expect(failed).toContainText('not offer WebGPU');
  await app.button('Try number 2 again').click();
  await expect(failed).toHaveCount(1);
  await app.button('Remove number 2').click();
  await expect(failed).toHaveCount(0);
});

test('the queue is in sight from the other screens, with the time left once that is known', async ({
  app,
  page,
}) => {
  await lineUpBehind(app, 1);
  await expect(line(app)).toHaveText('Queue: 1 waiting');
  await stopLong(app);
  await expect.poll(() => seeds(page)).toEqual([1]);
  await allDone(page);
  await lineUpBehind(app, 1, 2);
  await expect(line(app)).toHaveText(/^Queue: 2 waiting · about \d+ (s|min) left$/);
  await app.button('Models').click();
  await expect(line(app)).toHaveText(/^Queue: Painting( \d+%)? · 2 waiting · about \d+ (s|min) left$/);
  await line(app).click();
  expect(await app.timeToStop(() => app.button('Stop all').click())).toBeLessThan(3000);
});

test('the title says how far it is; an end that is seen is no news', async ({ app, page }) => {
  await app.open({ steps: 20 });
  expect(await page.title()).toBe('Safelight');
  const watch = await page.evaluateHandle(() => {
    const titles = new Set<string>();
    const all = watching.until(() =>
      titles.add(document.title).has('Done · Safelight') ? titles : undefined,
    );
    return { titles: all.then((seen) => [...seen]) };
  });
  await app.generate.click();
  const titles = await watch.evaluate((watch) => watch.titles);
  expect(titles.filter((title) => /^\d+% · Safelight$/.test(title)).length).toBeGreaterThan(1);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  expect(await page.title()).toBe('Safelight');
});

test('a hidden page without animation frames paints on, and tells when it is done', async ({ app, page }) => {
  await page.addInitScript(stubNotifications);
  await lineUpBehind(app, 1, 2);
  const asked = () => page.evaluate(() => (globalThis as unknown as { asked(): number }).asked());
  expect(await asked(), 'nobody is asked before').toBe(0);
  await page.getByLabel('Notify me when done').check();
  expect(await asked()).toBe(1);
  await page.evaluate(hide);
  await stopLong(app);
  const notices = () => page.evaluate(() => (globalThis as unknown as { notices: string[] }).notices);
  await expect.poll(notices).toEqual(['Safelight: All 3 jobs are done.']);
  expect(await seeds(page)).toEqual([1, 2]);
  expect(await page.title()).toBe('Done · Safelight');
});

test.describe('with a service worker of its own', () => {
  test.use({ visit: 'first' });

  test('where a window may show no notification, the service worker does', async ({ app, page }) => {
    // Chromium's headless shell can be granted no notifications, so what the worker is asked to show is noted.
    await page.addInitScript(() => {
      const shown: string[] = [];
      ServiceWorkerRegistration.prototype.showNotification = async (title, options) => {
        shown.push(`${title}: ${options?.body}`);
      };
      class Refusing {
        static permission = 'granted';
        constructor() {
          throw new TypeError(
            'Illegal constructor. Use ServiceWorkerRegistration.showNotification() instead.',
          );
        }
      }
      Object.assign(globalThis, { Notification: Refusing, shown });
    });
    await lineUpBehind(app, 1);
    await page.getByLabel('Notify me when done').check();
    await page.evaluate(hide);
    await stopLong(app);
    const shown = () => page.evaluate(() => (globalThis as unknown as { shown: string[] }).shown);
    await expect.poll(shown).toEqual(['Safelight: All 2 jobs are done.']);
  });
});

/** Runs in the page: from now on it is not looked at, and draws no frame. */
function hide(): void {
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true });
  Object.defineProperty(document, 'hidden', { get: () => true, configurable: true });
  globalThis.requestAnimationFrame = () => 0;
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Runs in the page before its own code: notifications are noted in `notices`, and allowed when asked for. */
function stubNotifications(): void {
  const notices: string[] = [];
  let asked = 0;
  class Stub {
    static permission = 'default';
    static async requestPermission() {
      asked++;
      Stub.permission = 'granted';
      return 'granted';
    }
    constructor(title: string, options?: NotificationOptions) {
      notices.push(`${title}: ${options?.body}`);
    }
  }
  Object.assign(globalThis, { Notification: Stub, notices, asked: () => asked });
}

/** A PNG of two colours, drawn by the page itself. */
async function drawn(page: Page): Promise<Buffer> {
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(64, 64);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.fillStyle = 'red';
    context.fillRect(0, 0, 32, 64);
    context.fillStyle = 'blue';
    context.fillRect(32, 0, 32, 64);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  return Buffer.from(bytes);
}
