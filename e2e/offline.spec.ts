import { readdirSync } from 'node:fs';
import { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';

test.use({ visit: 'first' });

test('no request leaves the machine', async ({ app, page, server }) => {
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url()));
  await app.open();
  await app.make();
  const elsewhere = asked.filter((url) => !url.startsWith(server.url) && !/^(blob|data|about):/.test(url));
  expect(asked.some((url) => url.endsWith('unet/diffusion_pytorch_model.safetensors'))).toBe(true);
  expect(elsewhere).toEqual([]);
});

test('after one visit the network may go: Trinket and every model here still paint', {
  tag: '@firefox',
}, async ({ app, page, server }) => {
  const hub = await Hub.start();
  const folder = new URL('tiny-model', import.meta.url).pathname;
  hub.repos.set('test/tiny', { files: readFolder(folder), licence: 'mit' });
  // The service worker takes over a page whose engine has threads by then: in Firefox these do not answer it.
  let takeOver = () => {};
  server.held.set('/service-worker.js', new Promise((resolve) => (takeOver = resolve)));
  await app.open();
  const [online] = await app.make();
  takeOver();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await page.getByLabel('Repository', { exact: true }).fill('test/tiny');
  await app.button('Look up').click();
  await app.button('Download').click();
  await expect(app.button('Use tiny')).toBeVisible();
  await expect(page.getByText('Ready offline: the page, Trinket, and every model above.')).toBeVisible();

  await hub.close();
  server.isDown = true;
  await app.open();
  const [offline] = await app.make();
  expect(offline?.pixels).toBe(online?.pixels);
  await app.open({ model: 'test/tiny' });
  const [fetched] = await app.make();
  expect(fetched?.deviation).toBeGreaterThan(1);
});

test('a newer version is offered, and put in place when it is taken', async ({ app, page, server }) => {
  await app.open();
  await page.evaluate(() => navigator.serviceWorker.ready);
  server.replaced.set('/service-worker.js', (body) => Buffer.concat([body, Buffer.from('\n// newer')]));
  await app.open();
  await expect(page.getByText('A new version of Safelight is ready.')).toBeVisible();
  await app.button('Reload').click();
  await expect(page.getByText('A new version of Safelight is ready.')).toBeHidden();
  await expect(app.generate).toBeVisible();
});

test('a version that another tab puts in place cuts no download, and the tab of the older one goes on with its own files', async ({
  app,
  page,
  context,
  server,
  device,
}) => {
  const hub = await Hub.start();
  hub.repos.set('test/tiny', { files: readFolder(new URL('tiny-model', import.meta.url).pathname) });
  await app.open();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await app.open();
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await page.getByLabel('Repository', { exact: true }).fill('test/tiny');
  await app.button('Look up').click();
  // A version waits for what the one before it is still fetching.
  await expect(page.getByText(/ Ready offline: the page/)).toBeVisible();
  hub.limit = 10_000;
  await app.button('Download').click();
  await expect
    .poll(() => hub.bytesSent('test/tiny/unet/diffusion_pytorch_model.safetensors'))
    .toBeGreaterThan(0);

  // The newer version has other scripts for all that is loaded when it is needed, and the host has no others.
  const needed = readdirSync(new URL('../dist/assets', import.meta.url)).filter((name) =>
    /^(main|ort|tokenizers|esm)[.-].*\.js$/.test(name),
  );
  expect(needed.length).toBeGreaterThan(3);
  const entry = new RegExp(`\\{"url":"assets/(?:${needed.join('|')})","revision":null\\},?`, 'g');
  server.replaced.set('/service-worker.js', (body) => Buffer.from(String(body).replace(entry, '')));
  for (const name of needed) server.faults.set(`/assets/${name}`, 'missing');
  const other = await App.create(await context.newPage(), server.url, device);
  await other.open();
  await other.button('Reload').click();
  await expect(other.button('Reload')).toBeHidden();
  await expect(other.generate).toBeVisible();

  hub.limit = Number.POSITIVE_INFINITY;
  await expect(app.button('Use tiny')).toBeVisible();
  await app.button('Create').click();
  await app.make();
  await hub.close();
});
