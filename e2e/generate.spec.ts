import { expect, test } from './fixtures.ts';

test('a prompt becomes a picture, and it can be watched', async ({ app, device }) => {
  await app.open({ steps: 4 });
  await app.field('Prompt').fill('a green frog');
  const [picture] = await app.make();

  const draws = await app.draws();
  const steps = draws.map((draw) => Number(/step (\d+) of 4/i.exec(draw.progress)?.[1] ?? 0));
  expect(draws.length, 'a preview for every step').toBeGreaterThanOrEqual(4);
  expect(steps, 'in order').toEqual([...steps].sort((a, b) => a - b));
  expect(new Set(draws.map((draw) => draw.hash)).size, 'each unlike the others').toBe(draws.length);

  expect(picture).toMatchObject({ width: 64, height: 64, alt: 'a green frog' });
  expect(picture?.deviation).toBeGreaterThan(3);
  expect(picture?.parameters).toContain('a green frog');
  await expect(app.page.getByText(device === 'wasm' ? /CPU/ : /WebGPU/).first()).toBeVisible();
});

test('the same seed gives the same picture, another seed another', async ({ app }) => {
  await app.open({ steps: 1, seed: 7 });
  await app.button('Lock seed').click();
  const [first] = await app.make();
  const [again] = await app.make();
  expect(again?.pixels).toBe(first?.pixels);
  await app.field('Seed').fill('8');
  const [other] = await app.make();
  expect(other?.pixels).not.toBe(first?.pixels);
});

test('a wide picture is wide', async ({ app }) => {
  await app.open({ steps: 1, width: 96, height: 64 });
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 96, height: 64 });
});

test('what Trinket knows is said at first, and stays at hand once there is a picture', async ({
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
