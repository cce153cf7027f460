import { readdirSync } from 'node:fs';
import { expect, test } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';
import type { StaticServer } from './server.mjs';

// What WebKit builds lack, taken away from Chromium: here one thing at a time is missing.

test.use({ visit: 'first' });

const ASSETS = new URL('../dist/assets', import.meta.url).pathname;

/** Runs `code` in the worker before its own. */
function inWorker(server: StaticServer, code: () => void): void {
  const worker = readdirSync(ASSETS).find((name) => /^main-.*\.js$/.test(name));
  server.replaced.set(`/assets/${worker}`, (body) => Buffer.concat([Buffer.from(`(${code})();\n`), body]));
}

function withoutIterationAndWritables(): void {
  Reflect.deleteProperty(ReadableStream.prototype, Symbol.asyncIterator);
  Reflect.deleteProperty(ReadableStream.prototype, 'values');
  // Not on about:blank.
  if (isSecureContext) Reflect.deleteProperty(FileSystemFileHandle.prototype, 'createWritable');
}

function withoutFiles(): void {
  if (isSecureContext) Reflect.deleteProperty(StorageManager.prototype, 'getDirectory');
}

test('where no stream can be iterated and no file written by a stream, a model arrives and paints', async ({
  app,
  server,
}) => {
  const hub = await Hub.start();
  hub.repos.set('test/tiny', { files: readFolder(new URL('tiny-model', import.meta.url).pathname) });
  inWorker(server, withoutIterationAndWritables);
  await app.page.addInitScript(withoutIterationAndWritables);
  await app.open();
  await app.button('Models').click();
  await app.page.getByText('Hub settings').click();
  await app.page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await app.page.getByLabel('Repository', { exact: true }).fill('test/tiny');
  await app.button('Look up').click();
  await app.button('Download').click();
  await expect(app.button('Use tiny')).toBeVisible();
  await app.open({ model: 'test/tiny' });
  const [picture] = await app.make();
  expect(picture?.deviation).toBeGreaterThan(1);
  await hub.close();
});

test('where the browser stores no files, no download is offered, and Trinket paints', async ({
  app,
  server,
}) => {
  inWorker(server, withoutFiles);
  await app.page.addInitScript(withoutFiles);
  await app.open();
  await app.make();
  await app.button('Models').click();
  const add = app.page.getByRole('region', { name: 'Add a model' });
  await expect(add).toContainText('This browser does not store files for this page');
  await expect(add).toContainText('Open Safelight in a window that is not private or in another browser');
  await expect(
    app.page.getByRole('region', { name: 'Recommended' }).getByRole('listitem').first(),
  ).toBeVisible();
  await expect(app.page.getByRole('button', { name: /^Download|^From disk|^Look up/ })).toHaveCount(0);
});
