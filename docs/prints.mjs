// `npm run prints`: the pictures of the first visit, painted by the built app with Trinket on the CPU, into
// src/ui/create/easel/prints: each example prompt with seed 1 and the usual settings, nothing picked. Build again afterwards.
import { mkdirSync, writeFileSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { findChromium } from '../e2e/chromium.mjs';
import { LAUNCH_ARGS } from '../e2e/launch-args.mjs';
import { serve } from '../e2e/server.mjs';

const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;
const FOLDER = path('../src/ui/create/easel/prints');
const MINUTES = 5 * 60_000;

const server = await serve(path('../dist'));
const browser = await chromium.launch({ executablePath: findChromium(), args: LAUNCH_ARGS.wasm });
try {
  const page = await browser.newPage();
  mkdirSync(FOLDER, { recursive: true });
  await page.goto(server.url);
  const examples = page.locator('[lang=en] > button');
  await examples.first().waitFor();
  for (const prompt of await examples.allInnerTexts()) {
    await page.goto('about:blank');
    await page.goto(`${server.url}#${new URLSearchParams({ prompt, seed: '1', device: 'wasm', run: '1' })}`);
    const picture = page.getByRole('img', { name: prompt, exact: true });
    await picture.waitFor({ timeout: MINUTES });
    const base64 = await picture.evaluate(async (/** @type {HTMLImageElement} */ image) => {
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
      canvas.getContext('2d')?.drawImage(image, 0, 0);
      const webp = await canvas.convertToBlob({ type: 'image/webp', quality: 0.9 });
      return btoa(String.fromCharCode(...new Uint8Array(await webp.arrayBuffer())));
    });
    writeFileSync(`${FOLDER}/${prompt.replace(/\W+/g, '-')}.webp`, Buffer.from(base64, 'base64'));
    console.log(prompt, Math.round(base64.length * 0.75));
  }
} finally {
  await browser.close();
  await server.close();
}
