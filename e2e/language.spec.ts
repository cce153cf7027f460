import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { expect, test } from './fixtures.ts';

// The page in its second language, as a person with a German browser meets it.

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const QUICK = 'prompt=a+red+apple&steps=3&width=64&height=64&seed=1&guidance=3&sampler=ddim&device=wasm';
const SCREENS = ['Malen', 'Zeichnen', 'Versuche', 'Galerie', 'Modelle'];

test.use({ locale: 'de-DE' });

const screen = (page: Page, name: string) => page.getByRole('navigation').getByRole('button', { name });
const picture = (page: Page) => page.getByRole('img', { name: 'a red apple' });

async function paint(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('button', { name: 'Malen', exact: true }).click();
  await expect(page.getByText(/^\d+(,\d)? s · 64 × 64 · 3 Schritte · CPU · \d Threads?$/)).toBeVisible();
  await expect(picture(page)).toBeVisible();
}

test('a German browser is spoken to in German, from the prompt to the picture', {
  tag: ['@firefox', '@webkit'],
}, async ({ page, server }) => {
  await page.goto(`${server.url}#${QUICK.replace('steps=3', 'steps=0')}`);
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect(page.getByText('steps=0 (eine ganze Zahl von 1 bis 1000)')).toBeVisible();
  const steps = page.getByRole('spinbutton', { name: 'Schritte' });
  await steps.fill('0');
  await steps.blur();
  await expect(page.getByText('Schritte: eine ganze Zahl von 1 bis 1000.')).toBeVisible();
  await steps.fill('3');
  await paint(page);
  await expect(page.getByRole('status')).toContainText(/Fertig in \d+(,\d)? s\. Seed 1\./);
  await expect(page).toHaveTitle('Fertig · Safelight');
  await screen(page, 'Galerie').click();
  await expect(page.getByText(/^1 Bild · /)).toBeVisible();
});

test('a fault is worded in German', async ({ page, server }) => {
  const weights = 'unet/diffusion_pytorch_model.safetensors';
  server.faults.set(`/models/trinket/${weights}`, 'corrupted');
  await page.goto(`${server.url}#${QUICK}`);
  await page.getByRole('main').getByRole('button', { name: 'Malen', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toContainText(`${weights} ist beschädigt`);
});

test('a language that is chosen is kept, and a run goes on under it', async ({ page, server }) => {
  await page.goto(`${server.url}#${QUICK}`);
  await paint(page);
  await page.getByLabel('Sprache').selectOption('English');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await expect(page.getByRole('button', { name: 'Generate', exact: true })).toBeVisible();
  await expect(page.getByText(/^\d+(\.\d)? s · 64 × 64 · 3 steps/)).toBeVisible();
  await expect(picture(page)).toBeVisible();
  await page.reload();
  await expect(page.getByRole('button', { name: 'Generate', exact: true })).toBeVisible();
});

test.describe('a first visit', () => {
  test.use({ visit: 'first' });

  test('German is there without a network', async ({ page, server, context }) => {
    await page.goto(server.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.reload();
    await expect(screen(page, 'Malen')).toBeVisible();
    await context.setOffline(true);
    await page.reload();
    await expect(screen(page, 'Malen')).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'de');
    await context.setOffline(false);
  });
});

test('axe finds nothing in German, and nothing overflows a narrow phone', async ({ page, server }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${server.url}#${QUICK}`);
  await paint(page);
  await page.getByText('Erweitert', { exact: true }).click();
  for (const name of SCREENS) {
    await screen(page, name).click();
    await page.evaluate(readFileSync(AXE, 'utf8'));
    const { violations } = await page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    expect
      .soft(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        name,
      )
      .toEqual([]);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect.soft(width, name).toBe(360);
  }
});
