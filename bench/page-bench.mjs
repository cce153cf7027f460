import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from '@playwright/test';
import { LAUNCH_ARGS } from '../e2e/launch-args.mjs';

/** @typedef {import('@playwright/test').BrowserContext} BrowserContext */

/**
 * Runs `use` in a browser that has never opened the app.
 * @template T
 * @param {string} executablePath
 * @param {'wasm' | 'webgpu'} device
 * @param {(context: BrowserContext) => Promise<T>} use
 * @returns {Promise<T>}
 */
export async function withFreshProfile(executablePath, device, use) {
  const folder = mkdtempSync(join(tmpdir(), 'safelight-bench-'));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath,
    args: LAUNCH_ARGS[device],
  });
  try {
    return await use(context);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Seconds from opening the page for the first time, with cold caches, to its first finished picture. The hash enters the
 * prompt and starts the run.
 * @param {string} url
 * @param {string} executablePath
 */
export function firstVisit(url, executablePath) {
  return withFreshProfile(executablePath, 'wasm', async (context) => {
    const page = await context.newPage();
    await page.goto(`${url}#prompt=a+red+apple&device=wasm&run=1`);
    return page.evaluate(nextPicture, null);
  });
}

/**
 * Seconds from Generate to the finished picture, with everything loaded by an earlier run.
 * @param {string} url
 * @param {string} executablePath
 * @param {number} times
 */
export function warmRuns(url, executablePath, times) {
  return withFreshProfile(executablePath, 'wasm', async (context) => {
    const page = await context.newPage();
    await page.goto(`${url}#prompt=a+red+apple&device=wasm&run=1`);
    await page.evaluate(nextPicture, null);
    /** @type {number[]} */
    const seconds = [];
    for (let i = 0; i < times; i++) {
      await page.waitForTimeout(500);
      seconds.push(await page.evaluate(nextPicture, 'Generate'));
    }
    return seconds;
  });
}

/**
 * Runs in the page. Presses the button named `press`, and returns the seconds until a new finished picture is shown; without
 * a button the time starts with the navigation.
 * @param {string | null} press
 * @returns {Promise<number>}
 */
export async function nextPicture(press) {
  const sources = () =>
    [...document.images].filter((i) => i.src.startsWith('blob:')).map((image) => image.src);
  const before = press === null ? [] : sources();
  const start = press === null ? 0 : performance.now();
  if (press !== null)
    [...document.querySelectorAll('button')].find((b) => b.textContent?.startsWith(press))?.click();
  while (!sources().some((source) => !before.includes(source))) {
    const alert = document.querySelector('[role=alert]')?.textContent;
    if (alert) throw new Error(alert);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  return (performance.now() - start) / 1000;
}

/**
 * Bytes of JavaScript, gzipped, that the page loads before any model: the scripts in index.html and their static imports.
 * @param {string} dist
 */
export function pageScriptBytes(dist) {
  const html = readFileSync(join(dist, 'index.html'), 'utf8');
  const named = [...html.matchAll(/(?:src|href)="\.?\/?([^"]+\.js)"/g)].map(
    (match) => /** @type {string} */ (match[1]),
  );
  const seen = new Set(named);
  for (const path of seen) {
    const text = readFileSync(join(dist, path), 'utf8');
    for (const [, target] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+\.js)["']/g)) {
      const imported = join(dirname(path), target ?? '');
      if (existsSync(join(dist, imported))) seen.add(imported);
    }
  }
  return [...seen].reduce((sum, path) => sum + gzipSync(readFileSync(join(dist, path))).length, 0);
}
