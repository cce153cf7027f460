import { expect, test } from './fixtures.ts';

for (const [how, press] of [
  ['Stop', 'click'],
  ['Esc', 'key'],
] as const) {
  test(`${how} stops between steps, and Generate works after`, async ({ app }) => {
    await app.open({ steps: 150 });
    await app.generate.click();
    await expect.poll(async () => (await app.draws()).length).toBeGreaterThan(1);
    if (press === 'click') await app.stop.click();
    else await app.page.keyboard.press('Escape');
    await expect(app.stop).toHaveCount(0, { timeout: 3000 });
    const done = (await app.draws()).length;
    expect(done).toBeLessThan(150);
    await app.page.waitForTimeout(500);
    expect((await app.draws()).length, 'nothing develops after a stop').toBe(done);
    await expect(app.alert).toHaveCount(0);

    await app.field('Steps').fill('2');
    const [picture] = await app.make();
    expect(picture?.deviation).toBeGreaterThan(3);
  });
}

test('finished pictures outlive a stop', async ({ app }) => {
  await app.open({ steps: 10, images: 16 });
  await app.generate.click();
  await expect.poll(() => app.pictures.count()).toBeGreaterThan(1);
  await app.stop.click();
  await expect(app.stop).toHaveCount(0, { timeout: 3000 });
  expect(await app.pictures.count()).toBeGreaterThan(1);
  expect(await app.pictures.count()).toBeLessThan(16);
});

test('a worker too busy to listen is replaced within three seconds', async ({ app, page }) => {
  await app.open({ steps: 150 });
  await app.generate.click();
  await expect.poll(async () => (await app.draws()).length).toBeGreaterThan(1);
  const engine = page.workers()[0];
  // Never answers: the worker is in it when it is ended.
  engine
    ?.evaluate(() => {
      for (;;);
    })
    .catch(() => {});
  await page.waitForTimeout(500);
  await app.stop.click();
  await expect(app.stop).toHaveCount(0, { timeout: 3000 });
  await expect(app.alert).toHaveCount(0);

  await app.field('Steps').fill('2');
  const [picture] = await app.make();
  expect(picture?.deviation).toBeGreaterThan(3);
});
