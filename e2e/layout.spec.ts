import { expect, test } from './fixtures.ts';

for (const [name, width, height] of [
  ['phone', 390, 844],
  ['small phone', 320, 568],
  ['desktop', 1440, 900],
] as const) {
  test(`${name}: nothing overflows and Generate is in sight`, async ({ app, page }) => {
    await page.setViewportSize({ width, height });
    await app.open({ images: 4, steps: 1 });
    await expect(app.generate).toBeInViewport();
    await app.make(4);
    const { scroll, client } = await page.evaluate(() => ({
      scroll: document.documentElement.scrollWidth,
      client: document.documentElement.clientWidth,
    }));
    expect(scroll).toBeLessThanOrEqual(client);
    await expect(app.generate).toBeInViewport();
  });
}
