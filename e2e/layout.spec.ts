import { expect, test } from './fixtures.ts';

const SIZES = [
  ['phone', 390, 844],
  ['small phone', 320, 568],
  ['desktop', 1440, 900],
] as const;

test('nothing overflows and Generate is in sight, on a phone, a small phone and a desktop', async ({
  app,
  page,
}) => {
  await app.open({ images: 4, steps: 1 });
  const known = page.getByText('What Trinket knows');
  const check = async (when: string) => {
    for (const [name, width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      if (await known.isVisible()) await known.scrollIntoViewIfNeeded();
      await expect(app.generate, `${name}, ${when}`).toBeInViewport();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${name}, ${when}`).toBeLessThanOrEqual(0);
    }
  };
  await check('at first');
  await app.follow({ model: `someone/${'long_name_'.repeat(5)}` });
  await check('with a long name, before there is a picture');
  await app.follow({
    model: 'trinket',
    prompt: 'Donaudampfschifffahrtsgesellschaft'.repeat(2),
    images: 4,
    steps: 1,
  });
  await app.make(4);
  await known.click();
  await check('with pictures, and a long word');
});
