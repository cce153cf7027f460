import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** What of the Web stores something, or tells tabs apart. */
type Storage =
  | 'indexedDB'
  | 'localStorage'
  | 'storage'
  | 'caches'
  | 'locks'
  | 'BroadcastChannel'
  | 'serviceWorker';

/** Runs in the page before its scripts: each of these throws when it is looked at, as where cookies are blocked. */
function refuse(names: readonly Storage[]): void {
  const get = () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  };
  for (const name of names)
    for (const holder of [globalThis, Navigator.prototype])
      if (name in holder) Object.defineProperty(holder, name, { configurable: true, get });
}

const EVERYTHING: readonly Storage[] = [
  ...(['indexedDB', 'localStorage', 'storage', 'caches', 'locks'] as const),
  ...(['BroadcastChannel', 'serviceWorker'] as const),
];
const notice = (page: Page) => page.getByRole('status').filter({ hasText: 'Not kept for your next visit' });

test('a browser that stores nothing at all shows the page, says what is not kept, and paints', async ({
  app,
  page,
}) => {
  await page.addInitScript(refuse, EVERYTHING);
  await app.open({ steps: 1 });
  for (const thing of ['settings', 'pictures', 'the queue', 'experiments', 'the start picture'])
    await expect(notice(page)).toContainText(thing);
  await app.field('Prompt').fill('a green frog');
  await app.generate.click();
  await expect(app.pictures).toHaveCount(1);
  await expect(app.alert).toContainText('pictures cannot be saved');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    app.button('Download').first().click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.png$/);
  await notice(page).getByRole('button', { name: 'Dismiss' }).click();
  await expect(notice(page)).toHaveCount(0);
  await app.button('Gallery').click();
  await expect(page.getByRole('main', { name: 'Gallery' }).getByRole('alert')).toContainText(
    'does not store files',
  );
});

test('databases that never answer hold nothing up', async ({ app, page }) => {
  await page.addInitScript(() => {
    // As where another tab upgrades them, and waits for a third.
    IDBFactory.prototype.open = () =>
      Object.create(IDBOpenDBRequest.prototype, {
        addEventListener: { value: () => {} },
        removeEventListener: { value: () => {} },
      });
  });
  await app.open({ steps: 1 });
  await app.generate.click();
  await expect(app.pictures).toHaveCount(1);
  await expect(notice(page)).toContainText('Close the other tabs of Safelight');
});

test('a picture made while another tab holds the gallery is saved once it lets go; one cleared goes on', async ({
  app,
  page,
  context,
  server,
}) => {
  await app.open({ steps: 1 });
  await app.make();
  const other = await context.newPage();
  await other.goto(new URL('manifest.webmanifest', server.url).href);
  // A newer version upgrades the gallery: the page lets go of it, and may not open it any more.
  await other.evaluate(async () => {
    const gallery = (await indexedDB.databases()).find(({ name }) => name === 'safelight/gallery');
    const opening = indexedDB.open('safelight/gallery', (gallery?.version ?? 0) + 1);
    await new Promise((resolve) => opening.addEventListener('success', resolve));
    opening.result.close();
  });
  await app.field('Seed').fill('2');
  await app.generate.click();
  await expect(app.alert).toContainText('A newer version of Safelight');
  await expect(app.alert).toContainText('1 picture is not saved yet');
  await expect(app.alert).not.toContainText('Generate');

  await other.evaluate(async () => {
    const databases = await indexedDB.databases();
    const deletions = databases.map(({ name = '' }) => {
      const deletion = indexedDB.deleteDatabase(name);
      return new Promise((resolve) => deletion.addEventListener('success', resolve));
    });
    await Promise.all(deletions);
    const root = await navigator.storage.getDirectory();
    for await (const name of root.keys()) await root.removeEntry(name, { recursive: true });
  });
  await app.field('Seed').fill('3');
  await app.generate.click();
  await expect(app.alert).toHaveCount(0);
  await app.button('Gallery').click();
  await expect(page.getByText('2 pictures ·')).toBeVisible();
  await app.button('Models').click();
  await expect(page.getByRole('region', { name: 'On this device' })).toContainText('Trinket');
  await expect(app.alert).toHaveCount(0);
  await other.close();
});

test('what is damaged in each database is left out, and the page says so', async ({ app, page, server }) => {
  await app.visit();
  const names = () => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  await expect.poll(async () => (await names()).length).toBe(5);
  await page.goto(new URL('manifest.webmanifest', server.url).href);
  await page.evaluate(async () => {
    const rows: [string, string, unknown, string?][] = [
      ['safelight/gallery', 'rows', { id: 'damaged', hash: 5 }],
      ['safelight/queue', 'queues', ['damaged', 'gone'], 'closed-page'],
      ['safelight/queue', 'jobs', { id: 'damaged', request: 'nothing' }],
      ['safelight/experiments', 'sweeps', { axes: 'none' }, 'damaged'],
      ['safelight/files', 'files', [{ token: 5 }], 'embeddings'],
      ['safelight/files', 'files', 'no picture', 'init-image'],
    ];
    for (const [name, store, value, key] of rows) {
      const opening = indexedDB.open(name);
      await new Promise((resolve) => opening.addEventListener('success', resolve));
      const change = opening.result.transaction(store, 'readwrite');
      change.objectStore(store).put(value, key);
      await new Promise((resolve) => change.addEventListener('complete', resolve));
      opening.result.close();
    }
    localStorage.setItem('safelight/settings', '{');
  });
  await app.visit();
  const said = page.getByRole('status').filter({ hasText: 'could not be read' });
  for (const part of ['Some settings', '2 waiting jobs', '1 experiment', 'start picture'])
    await expect(said).toContainText(part);
  await app.button('Gallery').click();
  await expect(page.getByText('1 picture could not be read')).toBeVisible();
  await app.button('Experiments').click();
  await expect(page.getByRole('main', { name: 'Experiments' })).toBeVisible();
});

test('localStorage that is full is said once, and typing goes on', async ({ app, page }) => {
  await app.visit();
  await page.evaluate(() => {
    for (const size of [1e6, 1e4, 100, 1])
      try {
        for (let i = 0; ; i++) localStorage.setItem(`fill ${size} ${i}`, 'x'.repeat(size));
      } catch {}
  });
  await app.field('Prompt').fill('a red apple');
  await expect(notice(page)).toContainText('settings');
  await notice(page).getByRole('button', { name: 'Dismiss' }).click();
  await app.field('Prompt').fill('a red apple in a box');
  await expect(app.field('Prompt')).toHaveValue('a red apple in a box');
  await expect(notice(page)).toHaveCount(0);
});
