import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

// The panel of settings: help beside each, groups that remember, what is in reach; the theme; where a notice stands.

const boxOf = async (target: Locator) => {
  const box = await target.boundingBox();
  if (!box) throw new Error(`${target} has no box.`);
  return box;
};

/** Where two boxes overlap, in pixels of area. */
const overlap = (a: Awaited<ReturnType<typeof boxOf>>, b: typeof a) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

test('“?” says what a setting does, inside the window and beside what asked', {
  tag: ['@firefox'],
}, async ({ app, page }) => {
  await app.open();
  await app.openAdvanced();
  const open = page.locator('[popover=auto]:popover-open');
  for (const [width, height, setting, says] of [
    [
      1280,
      800,
      'Guidance scale',
      /literal.*To begin with: 2\.5 for Trinket.*guidance_scale \(diffusers\), CFG scale \(A1111\)\.$/,
    ],
    [320, 568, 'Height', /pixels/],
    [320, 568, 'Embeddings', /new word/],
  ] as const) {
    await page.setViewportSize({ width, height });
    const button = app.button(`Help: ${setting}`);
    await button.scrollIntoViewIfNeeded();
    await button.click();
    await expect(open).toHaveText(says);
    await expect(open).toContainText(setting);
    await expect(button).toHaveAttribute('aria-expanded', 'true');
    await expect(button).toHaveAccessibleDescription(says);
    const [help, asked] = [await boxOf(open), await boxOf(button)];
    expect(asked.width, setting).toBeGreaterThanOrEqual(24);
    expect(asked.height, setting).toBeGreaterThanOrEqual(24);
    expect(help.x, setting).toBeGreaterThanOrEqual(0);
    expect(help.x + help.width, setting).toBeLessThanOrEqual(width);
    expect(help.y, setting).toBeGreaterThanOrEqual(0);
    expect(help.y + help.height, setting).toBeLessThanOrEqual(height);
    expect(overlap(help, asked), setting).toBe(0);
    await button.click();
    await expect(open).toBeHidden();
  }
  await page.setViewportSize({ width: 320, height: 320 });
  const guidance = app.button('Help: Guidance scale');
  await guidance.scrollIntoViewIfNeeded();
  await guidance.click();
  await open.evaluate((help) => help.scrollBy(0, 20));
  await expect
    .poll(() => open.evaluate((help) => help.scrollTop), 'it scrolls, and stays')
    .toBeGreaterThan(0);
  await page.evaluate(() => scrollBy(0, 20));
  await expect(open).toBeHidden();
});

test('“?” opens and closes by keyboard', { tag: ['@firefox', '@webkit'] }, async ({ app, page }) => {
  await app.open();
  const open = page.locator('[popover=auto]:popover-open');
  const seed = app.button('Help: Seed');
  await seed.focus();
  await page.keyboard.press('Enter');
  await expect(open).toContainText('The number that the noise is made from.');
  await page.keyboard.press('Escape');
  await expect(open).toBeHidden();
  await expect(seed).toBeFocused();
  await expect(seed).toHaveAttribute('aria-expanded', 'false');
});

test('groups stay as they were left, and at 1280 × 900 sizes and the number of pictures need no scrolling', async ({
  app,
  page,
}) => {
  await page.setViewportSize({ width: 1280, height: 900 });
  await app.open();
  for (const name of ['Shape', 'Width', 'Height', 'Pictures'])
    await expect(app.field(name), name).toBeInViewport({ ratio: 1 });
  await page.getByRole('heading', { name: 'Picture', exact: true }).click();
  await app.openAdvanced();
  await expect(app.field('Width')).toBeHidden();
  await page.reload();
  await expect(app.field('Clip skip')).toBeVisible();
  await expect(app.field('Width')).toBeHidden();
  // Trinket's own are twice as wide and as high.
  await expect(page.locator('summary', { hasText: /^Picture( ·|$)/ })).toHaveText('Picture · 2 changed');
});

test('on a phone a negative prompt is folded while it is empty, and unfolds where it is reached or filled; the header keeps its rows', async ({
  app,
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await app.open({ negative: '' });
  const field = app.field('Negative prompt');
  const height = async () => (await boxOf(field)).height;
  expect(await height()).toBeLessThan(24);
  await app.button('Show the field: Negative prompt').click();
  expect(await height()).toBeGreaterThan(24);
  await app.button('Show the field: Negative prompt').click();
  expect(await height()).toBeLessThan(24);
  await page.getByText('Negative prompt', { exact: true }).click();
  await expect(field).toBeFocused();
  await page.keyboard.type('red');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  expect(await height(), 'while it is being written').toBeGreaterThan(24);
  await app.open({ negative: 'blurry' });
  expect(await height()).toBeGreaterThan(24);

  await page.setViewportSize({ width: 320, height: 568 });
  const [name, about] = [
    await boxOf(page.getByRole('heading', { name: 'Safelight' })),
    await boxOf(app.button('About Safelight')),
  ];
  expect(about.y, 'the header keeps to its rows').toBeLessThan(name.y + name.height);
  const device = page.getByRole('banner').getByRole('paragraph');
  expect(
    await device.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
    'nothing is cut off',
  ).toBe(0);
});

/** What the page is painted in: its ground, and the bar of the browser around it. */
const colours = (page: Page) =>
  page.evaluate(() => ({
    ground: getComputedStyle(document.body).backgroundColor,
    bar: [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].find(
      ({ media }) => matchMedia(media).matches,
    )?.content,
  }));
const LIGHT = { ground: 'rgb(243, 237, 226)', bar: '#f3ede2' };
const DARK = { ground: 'rgb(21, 16, 14)', bar: '#15100e' };

test('a theme is chosen, kept, and there before the page is', async ({ app, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await app.open();
  expect(await colours(page)).toEqual(LIGHT);
  await page.getByLabel('Theme').selectOption('Dark');
  expect(await colours(page)).toEqual(DARK);
  // The page's own script never comes: what is painted first is painted without it.
  await page.route(/\/assets\/index-.*\.js$/, (route) => route.abort());
  await page.reload();
  expect((await colours(page)).ground, 'before the page').toBe(DARK.ground);
  await page.unroute(/\/assets\/index-.*\.js$/);
  await app.open();
  expect(await colours(page)).toEqual(DARK);
  await page.getByLabel('Theme').selectOption('Light');
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await colours(page)).toEqual(LIGHT);
  await page.getByLabel('Theme').selectOption('As the system');
  expect(await colours(page)).toEqual(DARK);
});

test('a notice covers nothing that is in use', async ({ app, page }) => {
  await app.open();
  const notice = page.locator('[popover=manual]:popover-open');
  const select = app.field('Model');
  for (const [width, height] of [
    [1280, 900],
    [1000, 700],
    [390, 844],
    [320, 568],
  ] as const) {
    await page.setViewportSize({ width, height });
    // As it lies for a thumb: at the lower end of the window, over the buttons there.
    for (const block of ['start', 'end'] as const) {
      await app.field('Steps').fill('7');
      const reset = app.button('Reset');
      await reset.evaluate((button, end) => {
        button.scrollIntoView({ block: end });
        for (let at = button.parentElement; at; at = at.parentElement)
          at.scrollBy(0, end === 'end' ? 90 : -60);
      }, block);
      await reset.click();
      await expect(notice).toHaveText(/usual settings are back/);
      const box = await boxOf(notice);
      const where = `${width} × ${height}, ${block}`;
      for (const [what, used] of [
        ['Model', select],
        ['Generate', app.generate],
      ] as const)
        expect(overlap(box, await boxOf(used)), `${what} at ${where}`).toBe(0);
      expect(box.x, where).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, where).toBeLessThanOrEqual(width);
      await notice.getByRole('button', { name: 'Undo' }).click();
      await expect(app.field('Steps')).toHaveValue('7');
    }
  }
});
