import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { Hub, readFolder } from '../e2e/hub.mjs';
import { LAUNCH_ARGS } from '../e2e/launch-args.mjs';
import { serve } from '../e2e/server.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */

const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;
const WEIGHTS = 'unet/diffusion_pytorch_model.safetensors';
/** Milliseconds from the beginning of what is done within which the browser is killed. */
const WINDOW_MS = 3000;
const PATIENCE_MS = 180_000;
/** How long the models on the device may take to be listed. */
const LISTED_MS = 20_000;
const QUICK = 'steps=1&width=64&height=64&images=1&device=wasm&sampler=ddim';

/** Chromium writes localStorage to the disk some seconds after a page has set it. */
const SETTLED_MS = 5000;

/** What is kept, as the page's databases have it. @typedef {{ pictures: string[], damaged: number, jobs: string[], prompt: string }} Kept */

/**
 * What the kills have cost. Bytes are those sent again for files of the download, at most for one kill.
 * @typedef {object} Losses
 * @property {Record<string, number>} kills By what was being done.
 * @property {number} pictures @property {number} damaged @property {number} jobs
 * @property {number} settings A prompt typed five seconds before or earlier.
 * @property {number} lastWords A prompt typed later than that.
 * @property {number} downloads Downloads that could not be finished.
 * @property {number} mostBytesAgain
 */

/**
 * Kills the browser in the middle of something, and looks what is there when it is opened again.
 * @param {string} executablePath
 * @param {{ kills: number, minutes: number }} amounts the number of kills, and the time after which there are no more
 * @param {(line: string) => void} note
 * @returns {Promise<Losses>}
 */
export async function countLosses(executablePath, { kills, minutes }, note) {
  const site = await serve(path('../dist'), { '/models/trinket': path('../e2e/two-block-model') });
  const hub = await Hub.start();
  hub.delayMs = 30;
  const folder = mkdtempSync(join(tmpdir(), 'safelight-kills-'));
  const open = () =>
    chromium.launchPersistentContext(folder, {
      executablePath,
      args: LAUNCH_ARGS.wasm,
      reducedMotion: 'reduce',
    });
  /** @type {Losses} */
  const losses = {
    kills: {},
    pictures: 0,
    damaged: 0,
    jobs: 0,
    settings: 0,
    lastWords: 0,
    downloads: 0,
    mostBytesAgain: 0,
  };
  const end = Date.now() + minutes * 60_000;
  try {
    const names = Object.keys(SCENES);
    for (let i = 0; i < kills && Date.now() < end; i++) {
      const name = /** @type {string} */ (names[i % names.length]);
      const before = await killDuring(await open(), site.url, hub, name, i);
      const context = await open();
      const page = await opened(context, site.url);
      const after = await page.evaluate(kept);
      const pictures = before.pictures.filter((id) => !after.pictures.includes(id)).length;
      const arrived = after.pictures.length - before.pictures.length + pictures;
      const gone = before.jobs.filter((id) => !after.jobs.includes(id)).length;
      losses.kills[name] = (losses.kills[name] ?? 0) + 1;
      losses.pictures += pictures;
      losses.damaged += after.damaged;
      // A job that is gone has left its picture.
      losses.jobs += Math.max(0, gone - arrived);
      if (after.prompt !== before.prompt) losses[before.isSettled ? 'settings' : 'lastWords']++;
      if (name === 'download') {
        const again = await finishDownload(page, hub, i);
        if (again === null) losses.downloads++;
        else losses.mostBytesAgain = Math.max(losses.mostBytesAgain, again);
      }
      note(`${i + 1} ${name}: ${JSON.stringify(losses)}`);
      await context.close();
    }
  } finally {
    await Promise.all([site.close(), hub.close()]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return losses;
}

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
/** @param {number} i */
const repository = (i) => `test/m${i}`;

/** What is being done when the browser is killed. @type {Record<string, (page: Page, hub: Hub, i: number) => Promise<void>>} */
const SCENES = {
  async download(page, hub, i) {
    const files = readFolder(path('../e2e/tiny-model'));
    const weights = Buffer.from(/** @type {Buffer} */ (files.get(WEIGHTS)));
    // Its last numbers are others each time, so that it is another file.
    randomBytes(8).copy(weights, weights.length - 8);
    hub.repos.set(repository(i), { files: files.set(WEIGHTS, weights) });
    await press(page, 'Models');
    await askFor(page, hub, i);
  },
  async run(page) {
    await page.getByLabel('Steps', { exact: true }).first().fill('12');
    for (let n = 0; n < 3; n++) await press(page, 'Generate');
  },
  async import(page) {
    const files = await page.evaluate(drawnPictures, 40);
    await press(page, 'Gallery');
    const pictures = files.map((data, n) => {
      return { name: `${n}.png`, mimeType: 'image/png', buffer: Buffer.from(data, 'base64') };
    });
    await page.getByLabel('Import…').setInputFiles(pictures);
  },
  async export(page) {
    await press(page, 'Gallery');
    await press(page, 'Export all');
  },
  async save(page) {
    await page.getByLabel('Steps', { exact: true }).first().fill('1');
    for (let n = 0; n < 12; n++) await press(page, 'Generate');
  },
};

/** Asks for a repository on the Models screen. @param {Page} page @param {Hub} hub @param {number} i */
async function askFor(page, hub, i) {
  const mirror = page.getByLabel('Mirror', { exact: true });
  if (!(await mirror.isVisible())) await page.getByText('Hub settings').click();
  await mirror.fill(hub.url);
  await page.getByLabel('Repository', { exact: true }).fill(repository(i));
  await press(page, 'Look up');
  await press(page, 'Download');
}

/** @param {BrowserContext} context @param {string} url */
async function opened(context, url) {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(url);
  await page.getByRole('button', { name: 'Generate', exact: true }).waitFor();
  return page;
}

/**
 * Does what the scene says, and kills the browser meanwhile.
 * @param {BrowserContext} context @param {string} url @param {Hub} hub @param {string} name @param {number} i
 * @returns {Promise<Kept & { isSettled: boolean }>} what was seen to be kept last
 */
async function killDuring(context, url, hub, name, i) {
  const page = await opened(context, `${url}#${QUICK}`);
  const session = await /** @type {import('@playwright/test').Browser} */ (
    context.browser()
  ).newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const browser = /** @type {{ id: number }} */ (processInfo.find(({ type }) => type === 'browser'));
  const prompt = `a red apple ${i}`;
  await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  const typed = Date.now();
  if (i % 2 === 0) await page.waitForTimeout(SETTLED_MS);
  let last = await page.evaluate(kept);
  const scene = SCENES[name]?.(page, hub, i) ?? Promise.resolve();
  scene.catch(() => {});
  // A download begins when it is asked for, which takes a look at the repository first.
  if (name === 'download') await scene;
  const end = Date.now() + Math.random() * WINDOW_MS;
  do last = await page.evaluate(kept);
  while (Date.now() < end);
  const closed = new Promise((resolve) => context.once('close', resolve));
  const isSettled = Date.now() - typed >= SETTLED_MS;
  process.kill(browser.id, 'SIGKILL');
  await closed;
  // On another screen there is no form to read.
  return { ...last, prompt, isSettled };
}

/**
 * Goes on with the download of a scene until it is over.
 * @param {Page} page @param {Hub} hub @param {number} i
 * @returns {Promise<number | null>} the bytes that were sent twice; null where it could not be finished
 */
async function finishDownload(page, hub, i) {
  const label = `m${i}`;
  await press(page, 'Models');
  const use = page.getByRole('button', { name: `Use ${label}`, exact: true });
  const resume = page.getByRole('button', { name: `Resume ${label}`, exact: true });
  const isListed = await use
    .or(resume)
    .first()
    .waitFor({ timeout: LISTED_MS })
    .then(
      () => true,
      () => false,
    );
  // Killed while the repository was still looked at: it is asked for again.
  if (!isListed) await askFor(page, hub, i);
  else if (await resume.isVisible()) await resume.click();
  const isWhole = await use.waitFor().then(
    () => true,
    () => false,
  );
  if (!isWhole) return null;
  const file = /** @type {import('../e2e/hub.mjs').RepoFile} */ (
    hub.repos.get(repository(i))?.files.get(WEIGHTS)
  );
  return Math.max(0, hub.bytesSent(`${repository(i)}/${WEIGHTS}`) - file.length);
}

/** Runs in the page: small pictures, each another one, as base64. @param {number} count */
async function drawnPictures(count) {
  const pictures = [];
  for (let i = 0; i < count; i++) {
    const canvas = new OffscreenCanvas(64, 64);
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    for (let x = 0; x < 64; x += 8) {
      context.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
      context.fillRect(x, 0, 8, 64);
    }
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    pictures.push(btoa(String.fromCharCode(...bytes)));
  }
  return pictures;
}

/** Runs in the page. @returns {Promise<Kept>} */
async function kept() {
  /** @param {IDBRequest<any>} request @returns {Promise<any>} */
  const answer = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const names = (await indexedDB.databases()).map(({ name }) => /** @type {string} */ (name));
  /** @param {string} ending @param {(database: IDBDatabase) => Promise<void>} read */
  const within = async (ending, read) => {
    const name = names.find((one) => one.endsWith(ending));
    if (name === undefined) return;
    const database = await answer(indexedDB.open(name));
    await read(database);
    database.close();
  };
  /** @type {Kept} */
  const found = { pictures: [], damaged: 0, jobs: [], prompt: '' };
  await within('gallery', async (database) => {
    const [rows, files] = await Promise.all(
      ['rows', 'files'].map((store) => answer(database.transaction(store).objectStore(store).getAllKeys())),
    );
    found.pictures = rows;
    const whole = new Set(files);
    found.damaged = rows.filter(
      (/** @type {string} */ id) => !whole.has(`png/${id}`) || !whole.has(`thumbnail/${id}`),
    ).length;
  });
  await within('queue', async (database) => {
    found.jobs = await answer(database.transaction('jobs').objectStore('jobs').getAllKeys());
  });
  const prompt = document.querySelector('textarea');
  found.prompt = prompt?.value ?? '';
  return found;
}
