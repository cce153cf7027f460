import { expect, test } from './fixtures.ts';

test('the page stays responsive while it generates', async ({ app, page }) => {
  await app.open({ steps: 30, images: 2 });
  await app.make(2);
  await page.evaluate(() => {
    const long: number[] = [];
    Object.assign(globalThis, { long });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long.push(duration);
    }).observe({ type: 'longtask' });
  });
  const before = await app.pictures.evaluateAll((images) =>
    images.map((image) => (image as HTMLImageElement).src),
  );
  await app.generate.click();
  await expect(app.stop).toBeVisible();
  await expect(app.stop).toHaveCount(0, { timeout: 60_000 });
  expect(await app.pictures.first().getAttribute('src')).not.toBe(before[0]);
  expect(await page.evaluate(() => (globalThis as unknown as { long: number[] }).long)).toEqual([]);
});
