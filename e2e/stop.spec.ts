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

test('a worker too busy to listen is replaced within three seconds', async ({ app }) => {
  // One step at 1024 × 1024 takes a CPU far longer than that.
  await app.open({ steps: 2, width: 1024, height: 1024 });
  await app.generate.click();
  await expect(app.stop).toBeVisible();
  await app.page.waitForTimeout(4000);
  await expect(app.pictures).toHaveCount(0);
  await app.stop.click();
  await expect(app.stop).toHaveCount(0, { timeout: 3000 });

  await app.field('Width').fill('64');
  await app.field('Height').fill('64');
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 64, height: 64 });
});
