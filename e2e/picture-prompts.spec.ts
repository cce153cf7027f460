import { expect, test } from './fixtures.ts';
import { addPicturePrompt, installPrompted, promptGroup } from './picture-prompt.ts';

test('a picture prompt changes what is painted, the same way every time, and is kept between visits', async ({
  app,
  page,
}) => {
  await installPrompted(app, 'plain');
  const settings = { model: 'test/tiny' };
  await app.open(settings);
  // Or every run draws another one.
  await app.button('Lock seed').click();
  const [without] = await app.make();
  await addPicturePrompt(app, 'red', 'yellow');
  await expect(app.field('IP-Adapter')).toHaveValue('test/ip/models/plain.safetensors');
  const [prompted] = await app.make();
  expect(prompted?.pixels).not.toBe(without?.pixels);

  const [again] = await app.make();
  expect(again?.pixels).toBe(prompted?.pixels);

  await app.field('Picture strength').fill('0');
  const [off] = await app.make();
  expect(off?.pixels).toBe(without?.pixels);

  await app.open(settings);
  await app.button('Remove picture 1').click();
  await expect(promptGroup(app).getByText(/shows no picture yet/)).toBeVisible();
  await app.generate.click();
  await expect(page.getByText('Nothing was painted: picture prompt 1 cannot be used yet.')).toBeVisible();
});
