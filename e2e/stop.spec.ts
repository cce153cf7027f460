import { expect, test } from './fixtures.ts';

for (const [how, press] of [
  ['Stop', 'click'],
  ['Esc', 'key'],
] as const) {
  test(`${how} stops between steps, and Generate works after`, async ({ app }) => {
    await app.open({ steps: 150 });
    await app.generate.click();
    await app.drawn();
    const milliseconds = await app.timeToStop(() =>
      press === 'click' ? app.stop.click() : app.page.keyboard.press('Escape'),
    );
    expect(milliseconds).toBeLessThan(3000);
    const done = (await app.draws()).length;
    expect(done).toBeLessThan(150);
    await expect(app.alert).toHaveCount(0);
    if (press === 'click') {
      await app.button('Keep as it is').click();
      const [kept] = await app.arrived();
      expect(kept?.deviation).toBeGreaterThan(3);
      expect(kept?.parameters).toMatch(/Steps: 150, .*Stopped at step: \d+ of 150,/);
      await app.button('Gallery').click();
      await app.page
        .getByRole('button', { name: /a red apple/ })
        .first()
        .click();
      await expect(app.page.getByRole('dialog')).toContainText(/Stopped at step \d+ of 150/);
      await app.page.keyboard.press('Escape');
      await app.button('Create').click();
    }

    await app.field('Steps').fill('2');
    const [picture] = await app.make();
    expect(picture?.deviation).toBeGreaterThan(3);
    const later = (await app.draws()).slice(done).map(({ progress }) => progress);
    expect(
      later.filter((progress) => /of 150/.test(progress)),
      'nothing develops after a stop',
    ).toEqual([]);
  });
}

test('what is stopped while another picture waits is kept in its turn', async ({ app, page }) => {
  await app.open({ steps: 150 });
  await app.generate.click();
  await app.drawn();
  await app.field('Steps').fill('2');
  await app.generate.click();
  await app.stop.click();
  await page.getByText(/The picture before: Stopped at step \d+ of 150/).waitFor();
  await app.button('Keep as it is').click();
  await expect(page.getByRole('status')).toContainText('Kept in the gallery.');
  const [picture] = await app.arrived();
  expect(picture?.parameters).toContain('Steps: 2,');
  await app.button('Gallery').click();
  await expect(page.getByRole('button', { name: 'Open: a red apple', exact: true })).toHaveCount(2);
  await expect(page.getByText('The picture before')).toHaveCount(0);
});

test('finished pictures outlive a stop', async ({ app }) => {
  await app.open({ steps: 10, images: 16 });
  await app.generate.click();
  await expect.poll(() => app.pictures.count()).toBeGreaterThan(1);
  expect(await app.timeToStop(() => app.stop.click())).toBeLessThan(3000);
  expect(await app.pictures.count()).toBeGreaterThan(1);
  expect(await app.pictures.count()).toBeLessThan(16);
});

test('a worker too busy to listen is replaced within three seconds', async ({ app, page }) => {
  await app.open({ steps: 150 });
  await app.generate.click();
  await app.drawn();
  const engine = page.workers()[0];
  const stuck = await page.evaluateHandle(() => {
    const channel = new BroadcastChannel('stuck');
    return { heard: new Promise((resolve) => channel.addEventListener('message', resolve, { once: true })) };
  });
  // Never answers: the worker is in it when it is ended.
  engine
    ?.evaluate(() => {
      new BroadcastChannel('stuck').postMessage('');
      for (;;);
    })
    .catch(() => {});
  await stuck.evaluate(({ heard }) => heard.then(() => true));
  expect(await app.timeToStop(() => app.stop.click())).toBeLessThan(3000);
  await expect(app.alert).toHaveCount(0);

  await app.field('Steps').fill('2');
  const [picture] = await app.make();
  expect(picture?.deviation).toBeGreaterThan(3);
});
