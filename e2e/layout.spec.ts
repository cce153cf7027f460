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
      const header = await page.getByRole('banner').boundingBox();
      expect(header?.height, `the header, ${name}, ${when}`).toBeLessThan(170);
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
  await app.button('Styles and wildcards').click();
  const style = 'long_name_'.repeat(8);
  const buffer = Buffer.from(`name,prompt\n${style},a\n`);
  await page
    .getByLabel('Import styles.csv')
    .setInputFiles({ name: 'styles.csv', mimeType: 'text/csv', buffer });
  await page.getByRole('button', { name: new RegExp(`^${style}`) }).click();
  await page.keyboard.press('Escape');
  await expect(app.button(`Take out the style ${style}`)).toBeVisible();
  await known.click();
  await check('with pictures, a long word, and a style of a long name');
});
