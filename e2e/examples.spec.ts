import { expect, test } from './fixtures.ts';

test('one press on a print of the first visit paints it; the prints make room, and what is known stays at hand', async ({
  app,
  page,
}) => {
  await app.open({ steps: 1, images: 2 });
  await app.button('a purple dog').click();
  const [picture] = await app.arrived();
  expect(picture).toMatchObject({ alt: 'a purple dog' });
  expect(picture?.parameters, 'with all that made it').toMatch(/Steps: 20, .*Size: 128x128/);
  await expect(app.button('three strawberries')).toHaveCount(0);
  await app.button('Undo').click();
  await expect(app.field('Steps')).toHaveValue('1');
  await page.getByText('What Trinket knows').click();
  await app.button('hamburger').click();
  await expect(app.field('Prompt')).toHaveValue('a hamburger');
});
