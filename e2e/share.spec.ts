import { expect, test } from './fixtures.ts';
import { chosen, drawn } from './init-image.ts';

// Pictures that other apps and the system hand to the installed page.

test.use({ visit: 'first' });

test('a picture shared from another app becomes the start picture', async ({ app, page }) => {
  await app.open();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  const bytes = [...(await drawn(app, 96, 64))];
  const { share_target: target } = await page.evaluate(async () =>
    (await fetch('manifest.webmanifest')).json(),
  );
  const landed = await page.evaluate(
    async ([data, { action, method, params }]) => {
      const body = new FormData();
      body.set('title', 'A picture');
      const picture = new File([Uint8Array.from(data)], 'shared.png', { type: 'image/png' });
      body.set(params.files[0].name, picture);
      const response = await fetch(action, { method, body });
      return { url: response.url, type: response.headers.get('Content-Type') };
    },
    [bytes, target] as const,
  );
  expect(landed).toEqual({ url: new URL('.', page.url()).href, type: expect.stringContaining('text/html') });

  await app.visit();
  await expect(chosen(app)).toBeVisible();
  await expect(page.getByText('96 × 64 in the file')).toBeVisible();
  await app.button('Remove the picture').click();
  await page.reload();
  await expect(app.generate).toBeVisible();
  await expect(chosen(app), 'it is given once').toBeHidden();
});

test('a picture opened with the installed page becomes the start picture', async ({ app, page }) => {
  await page.addInitScript(() => {
    const setConsumer = (consumer: unknown) => Object.assign(globalThis, { launch: consumer });
    Object.defineProperty(globalThis, 'launchQueue', { value: { setConsumer } });
  });
  await app.open();
  const bytes = [...(await drawn(app, 64, 40))];
  await page.evaluate((data) => {
    const file = new File([Uint8Array.from(data)], 'opened.png', { type: 'image/png' });
    const { launch } = globalThis as unknown as { launch: (params: object) => void };
    launch({ files: [{ getFile: async () => file }] });
  }, bytes);
  await expect(page.getByText('64 × 40 in the file')).toBeVisible();
});
