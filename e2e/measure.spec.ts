import { findings } from './axe.ts';
import { expect, test } from './fixtures.ts';

// On a software GPU: too slow for more than one convolution, which is what it is told.

test('a GPU that is too slow is measured for what fits, and the result can be copied', async ({
  app,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.visit();
  await app.button('Models').click();
  await app.button('Measure this GPU').click();
  const dialog = page.getByRole('dialog', { name: 'Measure this GPU' });
  await dialog.getByRole('button', { name: 'Copy' }).click();
  await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible();
  await expect(dialog.getByRole('row', { name: 'One convolution of 320 channels, 16 × 16' })).toContainText(
    / m?s/,
  );
  await expect(
    dialog.getByText(/^Left out, because it would take too long on this GPU: .*a step with guidance/),
  ).toBeVisible();
  expect.soft(await findings(page)).toEqual([]);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toMatch(/^Safelight \d.*\n.*SwiftShader.*\n.*Chrom/i);

  await dialog.getByRole('button', { name: 'Measure again' }).click();
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(dialog.getByText('Stopped before anything was measured.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
