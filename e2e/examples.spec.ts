import { expect, test } from './fixtures.ts';

test('the page says what Trinket knows at first, and keeps it at hand once there is a picture', async ({
  app,
  page,
}) => {
  await app.open({ steps: 1 });
  await app.button('a purple dog').click();
  await expect(app.field('Prompt')).toHaveValue('a purple dog');
  await app.make();
  await expect(app.button('three strawberries')).toBeHidden();
  await page.getByText('What Trinket knows').click();
  await app.button('three strawberries').click();
  await expect(app.field('Prompt')).toHaveValue('three strawberries');
});
