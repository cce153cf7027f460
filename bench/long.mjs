import { readdirSync } from 'node:fs';
import { Hub, readFolder } from '../e2e/hub.mjs';
import { serve } from '../e2e/server.mjs';
import { counter, WORKER_PRELUDE } from './counters.mjs';
import { nextPicture, withFreshProfile } from './page-bench.mjs';

/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('./counters.mjs').Counts} Counts */

const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;
const DIST = path('../dist');
const SMALL = {
  prompt: 'a red apple',
  steps: 2,
  width: 64,
  height: 64,
  images: 1,
  guidance: 3,
  sampler: 'ddim',
};
const MODELS = ['test/one', 'test/two', 'test/three'];
/** The longest any single thing here may take. */
const PATIENCE_MS = 600_000;

/**
 * How much is done. What is measured is whether anything grows, so fewer are as good as many, and sooner.
 * @typedef {object} Amounts
 * @property {number} pictures
 * @property {number} queue
 * @property {number} minutes Of experiments.
 * @property {number} switches Between models.
 * @property {number} gpuPictures On software WebGPU.
 * @property {number} gpuSwitches Between models there.
 */

/** @type {Amounts} */
export const AMOUNTS = {
  pictures: 300,
  queue: 100,
  minutes: 3,
  switches: 50,
  gpuPictures: 30,
  gpuSwitches: 12,
};

/**
 * Uses the built app for long, with a small random model, and counts what there is at the start, in the middle and at the end.
 * @param {string} executablePath
 * @param {Amounts} amounts
 * @param {(when: string, counts: Counts) => void} note
 */
export async function longUse(executablePath, amounts, note) {
  const site = await serve(DIST, { '/models/trinket': path('../e2e/two-block-model') });
  const worker = readdirSync(`${DIST}/assets`).find((name) => /^main-.*\.js$/.test(name));
  site.replaced.set(`/assets/${worker}`, (body) => Buffer.concat([Buffer.from(WORKER_PRELUDE), body]));
  const hub = await Hub.start();
  for (const name of MODELS) hub.repos.set(name, { files: readFolder(path('../e2e/two-block-model')) });
  try {
    for (const [device, use] of /** @type {const} */ ([
      ['wasm', onCpu],
      ['webgpu', onGpu],
    ]))
      await withFreshProfile(executablePath, device, async (context) => {
        const page = await context.newPage();
        page.setDefaultTimeout(PATIENCE_MS);
        const count = await counter(context, page);
        await page.goto(`${site.url}#${hash({ device })}`);
        await install(page, hub.url, MODELS);
        await page.evaluate(nextPicture, 'Generate');
        await use(page, site.url, amounts, async (when) => note(when, await count()));
      });
  } finally {
    await Promise.all([site.close(), hub.close()]);
  }
}

/** @typedef {(page: Page, url: string, amounts: Amounts, measure: (when: string) => Promise<void>) => Promise<void>} Use */

/** @type {Use} */
async function onCpu(page, url, amounts, measure) {
  await measure('first picture');
  const half = amounts.pictures >> 1;
  await pictures(page, half);
  await measure(`${half} pictures`);
  await pictures(page, amounts.pictures - half);
  await measure(`${amounts.pictures} pictures`);

  await queue(page, amounts.queue);
  await measure(`queue of ${amounts.queue}`);

  for (const part of [1, 2]) {
    await experiments(page, amounts.minutes / 2, part);
    await measure(`${(amounts.minutes * part) / 2} min of experiments`);
  }
  for (const part of [1, 2]) {
    await switches(page, url, 'wasm', amounts.switches / 2);
    await measure(`${(amounts.switches * part) / 2} changes of model`);
  }
}

/** @type {Use} */
async function onGpu(page, url, { gpuPictures, gpuSwitches }, measure) {
  await measure('GPU: first picture');
  await pictures(page, gpuPictures);
  await measure(`${gpuPictures} pictures`);
  await switches(page, url, 'webgpu', gpuSwitches);
  await measure(`${gpuSwitches} changes of model`);
}

/** @param {Record<string, string | number>} change */
const hash = (change) =>
  new URLSearchParams(Object.entries({ ...SMALL, ...change }).map(([k, v]) => [k, String(v)])).toString();

/** @param {Page} page @param {string} name */
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** Downloads models from the hub at this address. @param {Page} page @param {string} mirror @param {readonly string[]} models */
export async function install(page, mirror, models) {
  await press(page, 'Models');
  await page.getByText('Hub settings').click();
  await page.getByLabel('Mirror', { exact: true }).fill(mirror);
  for (const name of models) {
    await page.getByLabel('Repository', { exact: true }).fill(name);
    await press(page, 'Look up');
    await press(page, 'Download');
    await press(page, `Use ${name.split('/').at(-1)}`);
    await press(page, 'Models');
  }
  await press(page, 'Create');
}

/** Makes pictures, each when the one before is there. @param {Page} page @param {number} count */
async function pictures(page, count) {
  for (let i = 0; i < count; i++) await page.evaluate(nextPicture, 'Generate');
}

/** Lines up runs, and waits until none is left. @param {Page} page @param {number} count */
async function queue(page, count) {
  const generate = page.getByRole('button', { name: 'Generate', exact: true });
  await generate.evaluate((button, times) => {
    for (let i = 0; i < times; i++) /** @type {HTMLButtonElement} */ (button).click();
  }, count);
  await page.getByRole('button', { name: /^Stop/ }).first().waitFor();
  await page.getByRole('button', { name: /^Stop/ }).first().waitFor({ state: 'hidden' });
}

/** Starts one grid of twelve pictures after the other, for these minutes. @param {Page} page @param {number} minutes @param {number} part */
async function experiments(page, minutes, part) {
  const end = Date.now() + minutes * 60_000;
  await press(page, 'Experiments');
  await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Guidance scale' });
  await page.getByLabel('Values of the columns').fill('1.5, 3, 5, 7.5');
  await page.getByLabel('Rows', { exact: true }).selectOption({ label: 'Seed' });
  for (let seed = part * 10_000; Date.now() < end; seed += 3) {
    await page.getByLabel('Values of the rows').fill(`${seed}-${seed + 2}`);
    await press(page, 'Start');
    await page.getByRole('img', { name: `Guidance scale 1.5, Seed ${seed}`, exact: true }).waitFor();
    await page.getByText('12 of 12 pictures', { exact: true }).waitFor();
  }
  await press(page, 'Create');
}

/**
 * Paints with each of the models in turn.
 * @param {Page} page @param {string} url @param {'wasm' | 'webgpu'} device @param {number} count
 */
async function switches(page, url, device, count) {
  const all = [...MODELS, 'trinket'];
  for (let i = 0; i < count; i++) {
    const model = /** @type {string} */ (all[i % all.length]);
    await follow(page, `${url}#${hash({ device, model })}`);
    await page.evaluate(nextPicture, 'Generate');
  }
}

/** Follows a link of the page to itself. @param {Page} page @param {string} url */
async function follow(page, url) {
  await page.goto(url);
  await page.getByRole('button', { name: 'Generate', exact: true }).waitFor();
}

const ROWS = /** @type {const} */ ([
  ['pageHeapMB', 'page heap, MB', 1],
  ['workerHeapMB', 'worker heaps, MB', 1],
  ['wasmMB', 'wasm memory, MB', 0],
  ['gpuBuffers', 'GPU buffers', 0],
  ['gpuMB', '… MB', 1],
  ['bitmaps', 'open ImageBitmaps', 0],
  ['objectUrls', 'object URLs', 0],
  ['listeners', 'event listeners', 0],
  ['nodes', 'DOM nodes', 0],
  ['opfsMB', 'OPFS, MB', 1],
  ['rows', 'rows in IndexedDB', 0],
  ['rendererMB', 'resident size of the page’s process, MB', 0],
]);

/** @param {readonly { readonly when: string, readonly counts: Counts }[]} notes */
export function table(notes) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(' | ')} |`;
  return [
    line(['', ...notes.map(({ when }) => when)]),
    line(['---', ...notes.map(() => '---:')]),
    ...ROWS.map(([name, label, digits]) =>
      line([label, ...notes.map(({ counts }) => counts[name].toFixed(digits))]),
    ),
  ].join('\n');
}
