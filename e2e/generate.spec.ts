import { expect, test } from './fixtures.ts';

test('a prompt becomes a picture, and it can be watched; the same seed gives the same, another seed another; a wide picture is wide', {
  tag: ['@firefox', '@webkit'],
}, async ({ app, device }) => {
  await app.open({ steps: 4, seed: 7 });
  await app.button('Lock seed').click();
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
  await expect(app.outcome).toContainText(device === 'wasm' ? / · CPU · \d/ : / · WebGPU/);

  await app.field('Steps').fill('1');
  const [first] = await app.make();
  const [again] = await app.make();
  expect(again?.pixels).toBe(first?.pixels);
  await app.field('Seed').fill('8');
  const [other] = await app.make();
  expect(other?.pixels).not.toBe(first?.pixels);

  await app.field('Width').fill('96');
  const [wide] = await app.make();
  expect(wide).toMatchObject({ width: 96, height: 64 });
});
