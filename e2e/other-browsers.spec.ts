import { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { LAUNCH_ARGS } from './launch-args.mjs';

// What only the browsers beside Chromium are asked; the tests of other files that run in them too have their tags.

test.use({ model: 'trinket', visit: 'first' });

const SETTINGS = { prompt: 'a red apple', seed: 1, steps: 4, width: 128, height: 128 };

test('Trinket’s picture is that of Chromium, pixel by pixel, and without a network too', {
  tag: ['@firefox', '@webkit'],
}, async ({ app, page, server, playwright }) => {
  await app.open(SETTINGS);
  const [picture] = await app.make();

  const chromium = await playwright.chromium.launch({
    executablePath: process.env.CHROME_PATH as string,
    channel: '',
    args: LAUNCH_ARGS.wasm,
  });
  const other = await App.create(await chromium.newPage(), server.url, 'wasm');
  await other.open(SETTINGS);
  const [expected] = await other.make();
  await chromium.close();
  expect(expected?.deviation, 'not blank').toBeGreaterThan(5);
  expect(picture?.pixels).toBe(expected?.pixels);

  await app.button('Models').click();
  await expect(page.getByText(/Ready offline: the page, Trinket/)).toBeVisible();
  server.isDown = true;
  await app.open(SETTINGS);
  const [offline] = await app.make();
  expect(offline?.pixels).toBe(expected?.pixels);
});
