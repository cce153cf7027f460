import { readdirSync, statSync } from 'node:fs';
import { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { serve } from './server.mjs';

const DIST = new URL('../dist', import.meta.url).pathname;
const TWO_BLOCK_MODEL = new URL('two-block-model', import.meta.url).pathname;

test.use({ visit: 'first' });

test('no file is larger than any host takes: 25 MiB', () => {
  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' });
  const sizes = files.map((name) => [name, statSync(`${DIST}/${name}`).size] as const);
  expect(sizes.filter(([, size]) => size > 25 * 2 ** 20)).toEqual([]);
  expect(sizes.length).toBeGreaterThan(20);
});

test('in a folder of a host that sends no headers it paints; from the second visit on, with threads and without a network', async ({
  page,
  context,
}) => {
  const server = await serve(DIST, { '/models/trinket': TWO_BLOCK_MODEL }, 'safelight');
  const app = await App.create(page, server.url, 'wasm');
  const isolated = () => page.evaluate(() => crossOriginIsolated);
  await app.open();
  expect(await isolated()).toBe(false);
  const [first] = await app.make();
  await app.button('Models').click();
  await expect(page.getByText(/ Ready offline: the page/)).toBeVisible();

  await server.close();
  await context.setOffline(true);
  await app.open();
  expect(await isolated()).toBe(true);
  const [second] = await app.make();
  expect(second?.pixels).toBe(first?.pixels);
  await context.setOffline(false);
});
