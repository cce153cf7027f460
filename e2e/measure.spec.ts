import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';

// On a software GPU: too slow for more than one convolution, which is what it is told.

test('a GPU that is too slow is measured for what fits a minute, can be stopped, and the result copied', async ({
  app,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.visit();
  await app.button('Models').click();
  await app.button('Measure this GPU').click();
  const dialog = page.getByRole('dialog', { name: 'Measure this GPU' });
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog.getByText('Stopped before anything was measured.')).toBeVisible();

  await dialog.getByRole('button', { name: 'Measure again' }).click();
  await dialog.getByRole('button', { name: 'Copy' }).click({ timeout: 300_000 });
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  const row = dialog.getByRole('row', { name: 'One convolution of 320 channels, 16 × 16' });
  await expect(row).toContainText(/Safelight’s kernels, 16 bits.* m?s/);
  await expect(dialog.getByText(/^Left out, because it would take too long on this GPU: /)).toBeVisible();
  expect.soft(await findings(page)).toEqual([]);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^Safelight \d.*\n.*swiftshader.*\n.*Chrom/i);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(app.button('Measure this GPU')).toBeFocused();
});
