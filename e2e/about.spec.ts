import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import packageJson from '../package.json' with { type: 'json' };
import { NOTICES_FILE, parseNotices } from '../src/ui/about/notices.ts';
import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';

const path = (relative: string) => new URL(relative, import.meta.url).pathname;
const NOTICES = parseNotices(readFileSync(path(`../dist/${NOTICES_FILE}`), 'utf8'));

/** The packages that a source imports. */
function packagesOf(file: string): string[] {
  const imports = readFileSync(file, 'utf8').matchAll(
    /\b(?:from |import |import\()['"]((?:@[^/'"]+\/)?[^./'"][^/'"]*)/g,
  );
  return [...imports].map(([, name = '']) => name);
}

test('every package that a source imports has a notice in the build', () => {
  const sources = readdirSync(path('../src'), { recursive: true, encoding: 'utf8' });
  const shipped = sources.filter(
    (name) => /\/.*\.tsx?$/.test(name) && !/\.test\.tsx?$|\/(golden|samples)\//.test(name),
  );
  const packages = new Set(shipped.flatMap((name) => packagesOf(join(path('../src'), name))));
  expect([...packages]).toEqual(expect.arrayContaining(Object.keys(packageJson.dependencies)));
  const missing = [...packages].filter((name) => !NOTICES.some(({ title }) => title.startsWith(`${name} `)));
  expect(missing).toEqual([]);
});

test('the help opens by its button and by “?”, but not while something is typed', async ({ app, page }) => {
  await app.open();
  const help = page.getByRole('dialog', { name: 'Help' });
  await app.field('Prompt').press('?');
  await expect(app.field('Prompt')).toHaveValue(/\?/);
  await app.button('Help').click();
  await expect(help.getByText('How many times the picture is refined')).toBeVisible();
  expect(await findings(page)).toEqual([]);
  await help.getByRole('button', { name: 'Words' }).click();
  await expect(help.getByText('Random dots. Every picture begins as noise.')).toBeInViewport();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await expect(app.button('Help')).toBeFocused();
  await page.keyboard.press('?');
  await expect(help.getByRole('row', { name: /Shift\+X/ })).toBeVisible();
});

for (const [colorScheme, width, height] of [
  ['dark', 1280, 800],
  ['light', 320, 568],
] as const)
  test(`About is opened, read and closed by keyboard: ${colorScheme}, ${width} pixels`, async ({
    app,
    page,
  }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await app.visit();
    const about = app.button('About Safelight');
    await about.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'About Safelight' });
    await expect(dialog.getByRole('heading', { name: `Safelight ${packageJson.version}` })).toBeVisible();
    await expect(dialog.getByRole('listitem')).toHaveCount(NOTICES.length);
    const licence = dialog.getByRole('listitem').filter({ hasText: /^react \d/ });
    await licence.locator('summary').press('Enter');
    await expect(licence.getByText('Copyright (c) Meta Platforms, Inc. and affiliates.')).toBeVisible();
    expect.soft(await findings(page)).toEqual([]);
    const overflow = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
    expect(overflow).toBe(0);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(about).toBeFocused();
  });

test.describe('a first visit', () => {
  test.use({ visit: 'first' });

  test('the notices are there without a network, as text too', async ({ app, page, context }) => {
    await app.visit();
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await expect(app.generate).toBeVisible();
    await context.setOffline(true);
    await app.button('About Safelight').click();
    await expect(page.getByRole('dialog').getByRole('listitem')).toHaveCount(NOTICES.length);
    const opened = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Open as plain text' }).click();
    await expect((await opened).getByText('Copyright (c) 2026 The Safelight authors')).toBeVisible();
    await context.setOffline(false);
  });

  test('the page says when the notices could not be loaded', async ({ app, page, server }) => {
    server.faults.set(`/${NOTICES_FILE}`, 'missing');
    await app.visit();
    await app.button('About Safelight').click();
    await expect(page.getByText('The licences could not be loaded.')).toBeVisible();
  });
});

test.describe('in German', () => {
  test.use({ locale: 'de-DE' });
  test('About speaks German', async ({ page, server }) => {
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Über Safelight' }).click();
    const dialog = page.getByRole('dialog', { name: 'Über Safelight' });
    await expect(dialog.getByRole('heading', { name: 'Lizenzen' })).toBeVisible();
    await expect(dialog.getByRole('listitem')).toHaveCount(NOTICES.length);
  });
});
