import { expect, test } from './fixtures.ts';

for (const [name, width, height] of [
  ['phone', 390, 844],
  ['small phone', 320, 568],
  ['desktop', 1440, 900],
] as const) {
  test(`${name}: nothing overflows and Generate is in sight`, async ({ app, page }) => {
    await page.setViewportSize({ width, height });
    await app.open({ images: 4, steps: 1 });
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    await expect(app.generate).toBeInViewport();
    expect(await overflow(), 'at first').toBeLessThanOrEqual(0);
    await app.make(4);
    await page.getByText('What Trinket knows').click();
    expect(await overflow()).toBeLessThanOrEqual(0);
    await expect(app.generate).toBeInViewport();
  });
}
