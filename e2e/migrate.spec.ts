import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { Hub } from './hub.mjs';
import { chosen } from './init-image.ts';
import { halfFetched, type Profile, restoreProfile } from './profiles/profile.mjs';

// What version 0.1 stored under names that everything on the origin shares is moved to this deployment's own names: from a
// profile that 0.1 wrote (profiles/write-profile.mjs).

// A profile of 0.1 has no service worker of this version.
test.use({ visit: 'first' });

const PROFILE = new URL('profiles/0.1', import.meta.url).pathname;
const LORA = new URL('../src/pipeline/golden/lora/kohya.safetensors', import.meta.url).pathname;
const HALF = 'test/half/unet/diffusion_pytorch_model.safetensors';

const opener = (page: Page, prompt: string) =>
  page.getByRole('button', { name: `Open: ${prompt}`, exact: true });
const onDevice = (page: Page) => page.getByRole('region', { name: 'On this device' });
const migration = (page: Page) => page.getByRole('main', { name: 'Neue Version von Safelight' });

/** The profile chose German; the tests go on in English. */
async function openInEnglish(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
  await expect(page.getByRole('button', { name: 'Generate', exact: true })).toBeVisible();
}

/** Runs in the page before its scripts: Chromium's headless shell can be granted none. */
function allowNotifications(): void {
  Object.defineProperty(Notification, 'permission', { configurable: true, get: () => 'granted' });
}

async function openGallery(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Gallery', exact: true }).click();
  await expect(page.getByText('Loading pictures…')).toBeHidden();
}

/** The names of all that the origin stores, but for what lies in folders. */
function storedNames(page: Page): Promise<{ databases: string[]; folders: string[]; keys: string[] }> {
  return page.evaluate(async () => {
    const folders: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) folders.push(name);
    const databases = (await indexedDB.databases()).map(({ name = '' }) => name);
    return {
      databases: databases.sort(),
      folders: folders.sort(),
      keys: Object.keys(localStorage).sort(),
    };
  });
}

/** The paths of all files of the origin private file system. */
function storedFiles(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const paths: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle, path: string) => {
      for await (const [name, handle] of folder.entries())
        if (handle.kind === 'directory') await walk(handle as FileSystemDirectoryHandle, `${path}${name}/`);
        else paths.push(path + name);
    };
    await walk(await navigator.storage.getDirectory(), '');
    return paths.sort();
  });
}

/** The sha256 of a file of the gallery that is downloaded from its picture's page. */
async function downloadedHash(page: Page, prompt: string): Promise<string> {
  await opener(page, prompt).click();
  const detail = page.getByRole('dialog');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    detail.getByRole('button', { name: 'Download' }).click(),
  ]);
  const hash = createHash('sha256');
  for await (const bytes of await download.createReadStream()) hash.update(bytes);
  await detail.getByRole('button', { name: 'Close' }).click();
  return hash.digest('hex');
}

/** Rows of the profile's gallery: hash by prompt. */
const hashes = ({ databases }: Profile): Map<string, string> =>
  new Map(
    databases['safelight.gallery']?.stores.rows?.records.map(([, value]) => {
      const row = value as { hash: string; settings: { settings: { prompt: string } } };
      return [row.settings.settings.prompt, row.hash];
    }),
  );

/** Looks at everything the profile holds, the way a person meets it. */
async function expectAllThere(app: App, profile: Profile): Promise<void> {
  const { page } = app;
  await expect(app.field('Prompt')).toHaveValue('a lighthouse at dusk');
  await expect(app.field('Negative prompt')).toHaveValue('fog');
  await expect(app.field('Seed')).toHaveValue('4242');
  await expect(app.field('Model')).toHaveValue('test/lcm');
  await expect(chosen(app)).toBeVisible();
  await app.openAdvanced();
  await expect(app.button('Remove mystyle')).toBeVisible();

  await expect(page.getByRole('button', { name: /^Queue: / })).toContainText('3 from your last visit');
  await page.getByRole('button', { name: /^Queue: / }).click();
  const waiting = page.getByRole('list', { name: 'Waiting' }).getByRole('listitem');
  await expect(waiting.locator('p:first-child')).toHaveText(['something long', 'number 1', 'number 2']);
  await expect(waiting.getByAltText('Start picture')).toHaveCount(3);
  await expect(page.getByLabel('Notify me when done')).toBeChecked();
  await app.button('Close the queue').click();

  await app.button('Experiments').click();
  const experiments = page.getByRole('main', { name: 'Experiments' });
  await expect(experiments.getByRole('button', { name: /^Guidance scale 2, Seed 3/ })).toBeVisible();
  await expect(experiments.getByText(/paused/).first()).toBeVisible();

  await openGallery(page);
  await expect(page.getByText('4 pictures ·')).toBeVisible();
  for (const prompt of ['a green frog', 'a grey cat', 'a photo', 'a blue house'])
    expect(await downloadedHash(page, prompt), prompt).toBe(hashes(profile).get(prompt));
  await expect(opener(page, 'a mistake')).toHaveCount(0);
  await page.getByRole('button', { name: 'Favourites' }).click();
  await expect(page.getByRole('list', { name: 'Pictures' }).getByRole('listitem')).toHaveCount(1);
  await expect(opener(page, 'a green frog')).toBeVisible();
  await page.getByRole('button', { name: 'Favourites' }).click();

  await app.button('Models').click();
  await expect(onDevice(page)).toContainText('a LoRA');
  await expect(app.button('Delete lcm')).toBeVisible();
  await expect(app.button('Make a copy of lcm in 16 bits')).toBeVisible();
  await expect(app.button('Make a copy of lcm in 8 bits'), 'the copy is there').toBeHidden();
  await expect(app.button('Resume half')).toBeVisible();
}

test('all that 0.1 stored is here: pictures, models, settings, queue, experiment, language', async ({
  app,
  page,
  context,
  server,
}) => {
  await context.addInitScript(allowNotifications);
  const profile = await restoreProfile(page, server.url, PROFILE);
  await openInEnglish(page, server.url);
  await expectAllThere(app, profile);
  const { databases, folders, keys } = await storedNames(page);
  expect(databases).toEqual([
    'keyval-store',
    'safelight/experiments',
    'safelight/files',
    'safelight/gallery',
    'safelight/queue',
    'safelight/settings',
  ]);
  expect(folders).toEqual(['safelight%2Fblobs', 'safelight%2Fmodels']);
  expect(keys.filter((key) => !key.startsWith('safelight/'))).toEqual([]);

  // The models are whole: one paints what it painted there, and the other goes on arriving where it was.
  await openGallery(page);
  await opener(page, 'a grey cat').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Use these settings' }).click();
  const [again] = await app.make();
  expect(again?.parameters).toContain('Seed: 5');
  expect(again?.pixels).toBe(await pixelsOf(page, profile, 'a grey cat'));

  const hub = await Hub.start();
  const { revision, files } = JSON.parse(textOf(profile, 'models/test%2Fhalf.json')) as {
    revision: string;
    files: { path: string; oid: string }[];
  };
  const bytesOf = (oid: string) => Buffer.from(profile.files[`blobs/${oid}`]?.base64 ?? '', 'base64');
  const repo = new Map(
    files.map(({ path, oid }) => [path, HALF.endsWith(path) ? halfFetched() : bytesOf(oid)] as const),
  );
  hub.repos.set('test/half', { files: repo, revisions: new Map([[revision, repo]]) });
  await app.button('Models').click();
  await page.getByText('Hub settings').click();
  const stored = JSON.parse(profile.localStorage['safelight.hub'] ?? '').state;
  await expect(page.getByLabel('Mirror', { exact: true })).toHaveValue(stored.mirror);
  // As its form said, the token is the Hub's.
  await expect(page.getByLabel('Access token', { exact: true })).toHaveValue('');
  await page.getByLabel('Mirror', { exact: true }).fill('');
  await expect(page.getByLabel('Access token', { exact: true })).toHaveValue('hf_secret');
  await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await app.button('Resume half').click();
  await expect(app.button('Use half')).toBeVisible();
  expect(hub.sent.map(({ path, status }) => [path, status])).toEqual([[HALF, 206]]);
  await hub.close();
});

/** SHA-256 of the pixels of a picture of the profile's gallery. */
async function pixelsOf(page: Page, { databases }: Profile, prompt: string): Promise<string> {
  const { rows, files } = databases['safelight.gallery']?.stores ?? {};
  const [id] = rows?.records.find(([, row]) => JSON.stringify(row).includes(`"prompt":"${prompt}"`)) ?? [];
  const [, png] = files?.records.find(([key]) => key === `png/${id}`) ?? [];
  const { base64 = '' } = (png as { $blob: { base64?: string } }).$blob;
  return page.evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes]));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (!context) throw new Error('No canvas.');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  }, base64);
}

const textOf = ({ files }: Profile, path: string) =>
  Buffer.from(files[path]?.base64 ?? '', 'base64').toString();

test('a page that is closed in the middle, eight times, loses nothing', async ({
  browser,
  server,
  device,
}) => {
  // Without a service worker, which would keep the script that stops in the middle.
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.addInitScript(allowNotifications);
  const assets = readdirSync(new URL('../dist/assets', import.meta.url).pathname);
  const script = `/assets/${assets.find((name) => /^main-.*\.js$/.test(name))}`;
  const first = await context.newPage();
  const profile = await restoreProfile(first, server.url, PROFILE);
  await first.close();

  const moved = async (tab: Page) =>
    (await storedFiles(tab)).filter((path) => /^safelight%2F/.test(path)).length;
  for (const files of [2, 3, 3, 3]) {
    server.replaced.set(script, (body) => Buffer.concat([Buffer.from(`(${stopMoving})(${files});`), body]));
    const tab = await context.newPage();
    await tab.goto(server.url);
    await expect(migration(tab)).toBeVisible();
    let before = -1;
    const stands = async () => {
      const now = await moved(tab);
      const is = now === before;
      before = now;
      return is && now > 1;
    };
    await expect.poll(stands, { intervals: [200] }).toBe(true);
    await tab.close();
  }
  server.replaced.delete(script);
  // Files are written, then deleted where they were, then the rows that name them.
  for (const [change, nth] of [
    ['put', 3],
    ['delete', 5],
    ['put', 2],
    ['delete', 3],
  ] as const) {
    const tab = await context.newPage();
    await tab.addInitScript(stopAt, [change, nth] as const);
    const isHalfWay = tab.waitForEvent('console', (message) => message.text() === 'half-way');
    await tab.goto(server.url);
    await isHalfWay;
    await tab.close();
  }

  const page = await context.newPage();
  const app = await App.create(page, server.url, device);
  await openInEnglish(page, server.url);
  await expectAllThere(app, profile);
  expect((await storedFiles(page)).filter((path) => !/^safelight%2F/.test(path))).toEqual([]);
  await context.close();
});

/** Runs in the worker before its own code: after so many files no other is ever moved. */
function stopMoving(files: number): void {
  let left = files;
  const prototype = FileSystemFileHandle.prototype as unknown as { move(...args: unknown[]): Promise<void> };
  const { move } = prototype;
  prototype.move = function (this: FileSystemFileHandle, ...args) {
    return left-- > 0 ? move.apply(this, args as []) : new Promise(() => {});
  };
}

/** Runs in the page before its own code: says when the nth record is changed, and the transaction of that never ends. */
function stopAt([change, nth]: readonly ['put' | 'delete', number]): void {
  let left = nth;
  const original = IDBObjectStore.prototype[change] as (...args: unknown[]) => IDBRequest;
  IDBObjectStore.prototype[change] = function (this: IDBObjectStore, ...args: unknown[]) {
    if (--left === 0) {
      console.log('half-way');
      const stay = () => {
        this.count().onsuccess = stay;
      };
      stay();
    }
    return original.apply(this, args) as never;
  };
}

/** The app in several folders of one origin. */
async function serveIn(folders: readonly string[], target: string) {
  const proxy = createServer((asked, answer) => {
    const url = asked.url ?? '/';
    const folder = folders.find((name) => url.startsWith(`/${name}/`));
    if (!folder) {
      answer.writeHead(404).end();
      return;
    }
    const forwarded = httpRequest(new URL(url.slice(folder.length + 2), target), (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    forwarded.end();
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close: () => {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}

test('of two deployments on one origin the first opened has what 0.1 stored; after that neither sees, nor deletes, what is the other’s', async ({
  browser,
  server,
  device,
}) => {
  const host = await serveIn(['a', 'b'], server.url);
  const [a, b] = [`${host.origin}/a/`, `${host.origin}/b/`];
  const context = await browser.newContext();
  const page = await context.newPage();
  await restoreProfile(page, a, PROFILE);
  await openInEnglish(page, a);
  await openGallery(page);
  await expect(page.getByText('4 pictures ·')).toBeVisible();
  const ofA = async () => (await storedFiles(page)).filter((path) => path.startsWith('safelight%2Fa%2F'));
  const before = await ofA();
  expect(before.length).toBeGreaterThan(10);

  const app = await App.create(page, b, device);
  await app.visit();
  await expect(app.field('Prompt')).toHaveValue('');
  await expect(page.getByRole('button', { name: 'Queue: The queue is empty' })).toBeVisible();
  await app.open({ prompt: 'of the other one', steps: 1 });
  await app.make();
  await openGallery(page);
  await expect(page.getByText('1 picture ·')).toBeVisible();
  await app.button('Models').click();
  await expect(onDevice(page)).not.toContainText('lcm');
  await page.locator('input[type=file]').setInputFiles({
    name: 'mine.safetensors',
    mimeType: 'application/octet-stream',
    buffer: readFileSync(LORA),
  });
  await app.button('Delete mine').click();
  await page.getByRole('button', { name: /^Delete \d/ }).click();
  await expect(app.button('Delete mine')).toBeHidden();
  expect(await ofA()).toEqual(before);
  expect((await storedFiles(page)).filter((path) => !before.includes(path))).toEqual([]);

  await page.goto(a);
  await openGallery(page);
  await expect(page.getByText('4 pictures ·')).toBeVisible();
  await expect(opener(page, 'of the other one')).toHaveCount(0);
  await page.getByRole('button', { name: 'Models', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Delete lcm', exact: true })).toBeVisible();
  const caches = await page.evaluate(async () => (await globalThis.caches.keys()).sort());
  expect(caches).toEqual(expect.arrayContaining(['safelight/a/page', 'safelight/b/page']));
  expect(caches.filter((name) => !/^safelight\/[ab]\//.test(name))).toEqual([]);
  await context.close();
  host.close();
});

test('another app’s files, databases, keys and caches stay as they are', async ({ page, server, app }) => {
  await restoreProfile(page, server.url, PROFILE);
  await page.evaluate(layForeign);
  const before = await page.evaluate(readForeign);
  expect(Object.values(before).flat()).toHaveLength(8);
  await openInEnglish(page, server.url);
  await app.button('Models').click();
  await app.button('Delete lcm').click();
  await page.getByRole('button', { name: /^Delete \d/ }).click();
  await expect(app.button('Delete lcm')).toBeHidden();
  // The service worker moves what 0.1 had cached when it becomes active, and of that only this deployment's.
  await page.evaluate(() => navigator.serviceWorker.ready);
  const cached = () =>
    page.evaluate(async () => {
      const cache = await caches.open('safelight/bundled');
      return (await cache.match('/models/trinket/of-0.1'))?.text();
    });
  await expect.poll(cached).toBe('kept');
  await expect.poll(() => page.evaluate(readForeign)).toEqual(before);
  const left = await page.evaluate(async () => {
    const old = await caches.open('safelight.bundled');
    return { keys: await caches.keys(), bundled: (await old.keys()).map(({ url }) => new URL(url).pathname) };
  });
  expect(left.bundled).toEqual(['/other/models/trinket/unet']);
  expect(left.keys.filter((name) => name === `workbox-precache-v2-${server.url}`)).toEqual([]);
});

/** Runs in the page: what other apps on the origin may have under names that 0.1 used too. */
async function layForeign(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  for (const [folder, name] of [
    ['blobs', 'theirs'],
    ['models', 'theirs.json'],
    ['music', 'song'],
  ] as const) {
    const inside = await root.getDirectoryHandle(folder, { create: true });
    const stream = await (await inside.getFileHandle(name, { create: true })).createWritable();
    await stream.write('theirs');
    await stream.close();
  }
  for (const [database, store] of [
    ['keyval-store', 'keyval'],
    ['their-store', 'theirs'],
  ] as const) {
    const request = indexedDB.open(database);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const change = request.result.transaction(store, 'readwrite');
    change.objectStore(store).put('theirs', 'their-key');
    await new Promise((resolve) => {
      change.oncomplete = resolve;
    });
    request.result.close();
  }
  localStorage.setItem('their-key', 'theirs');
  const { origin } = location;
  for (const name of ['their-cache', `workbox-precache-v2-${origin}/other/`])
    await (await caches.open(name)).put('/theirs', new Response('theirs'));
  const bundled = await caches.open('safelight.bundled');
  await bundled.put('/models/trinket/of-0.1', new Response('kept'));
  await bundled.put('/other/models/trinket/unet', new Response('theirs'));
  await (await caches.open(`workbox-precache-v2-${origin}/`)).put('/index.html', new Response('0.1'));
}

/** Runs in the page: what is there of that. */
async function readForeign(): Promise<Record<'files' | 'records' | 'keys' | 'caches', string[]>> {
  const root = await navigator.storage.getDirectory();
  const files: string[] = [];
  for (const [folder, name] of [
    ['blobs', 'theirs'],
    ['models', 'theirs.json'],
    ['music', 'song'],
  ] as const) {
    const inside = await root.getDirectoryHandle(folder);
    files.push(await (await (await inside.getFileHandle(name)).getFile()).text());
  }
  const records: string[] = [];
  for (const [database, store] of [
    ['keyval-store', 'keyval'],
    ['their-store', 'theirs'],
  ] as const) {
    const request = indexedDB.open(database);
    await new Promise((resolve) => {
      request.onsuccess = resolve;
    });
    const get = request.result.transaction(store).objectStore(store).get('their-key');
    await new Promise((resolve) => {
      get.onsuccess = resolve;
    });
    records.push(get.result);
    request.result.close();
  }
  const keys = [localStorage.getItem('their-key') ?? ''];
  const names = ['their-cache', `workbox-precache-v2-${location.origin}/other/`];
  const responses = await Promise.all(names.map((cacheName) => caches.match('/theirs', { cacheName })));
  return {
    files,
    records,
    keys,
    caches: await Promise.all(responses.map((response) => response?.text() ?? '')),
  };
}

test('a page of 0.1 that is still open is waited for', async ({ page, app, context, server }) => {
  await restoreProfile(page, server.url, PROFILE);
  const old = await context.newPage();
  await old.goto(new URL('manifest.webmanifest', server.url).href);
  // As 0.1 does for its queue as long as its page lives.
  await old.evaluate(() => {
    void navigator.locks.request('safelight.queue.1-2-3-4', () => new Promise(() => {}));
  });
  await page.goto(server.url);
  await expect(page.getByRole('status')).toHaveText(/noch in einem anderen Tab .* offen/);
  expect(await storedFiles(page)).toContain('models/test%2Flcm.json');
  await old.close();
  await expect(page.getByRole('button', { name: 'Malen', exact: true }).first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
  await openGallery(page);
  await expect(page.getByText('4 pictures ·')).toBeVisible();
  expect(await app.alert.count()).toBe(0);
});

test('without room the page says so and can be opened as it is; with room again the rest comes', async ({
  page,
  app,
  server,
}) => {
  await restoreProfile(page, server.url, PROFILE);
  const cdp = await page.context().newCDPSession(page);
  const { origin } = new URL(server.url);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
  await page.goto(server.url);
  await expect(app.alert).toContainText('nicht genug Platz frei');
  await page.getByRole('button', { name: 'Noch einmal versuchen' }).click();
  await expect(app.alert).toContainText('nicht genug Platz frei');
  await page.getByRole('button', { name: 'Weiter, und den Rest beim nächsten Mal verschieben' }).click();
  await expect(page.getByRole('button', { name: 'Malen', exact: true }).first()).toBeVisible();
  await cdp.send('Storage.overrideQuotaForOrigin', { origin });
  await openInEnglish(page, server.url);
  await openGallery(page);
  await expect(page.getByText('4 pictures ·')).toBeVisible();
  await app.button('Models').click();
  await expect(app.button('Delete lcm')).toBeVisible();
});
