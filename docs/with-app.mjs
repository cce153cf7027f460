import { chromium } from '@playwright/test';
import { findChromium } from '../e2e/chromium.mjs';
import { Hub, readFolder } from '../e2e/hub.mjs';
import { LAUNCH_ARGS } from '../e2e/launch-args.mjs';
import { serve } from '../e2e/server.mjs';

const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;

/**
 * Opens a browser beside the built app and a Hub with one small model, `example/tiny-stable-diffusion`, and closes all three.
 * @param {(browser: import('@playwright/test').Browser, urls: { app: string, hub: string }) => Promise<unknown>} use
 */
export async function withApp(use) {
  const server = await serve(path('../dist'));
  const hub = await Hub.start();
  hub.repos.set('example/tiny-stable-diffusion', {
    files: readFolder(path('../e2e/tiny-model')),
    licence: 'creativeml-openrail-m',
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: LAUNCH_ARGS.wasm });
  try {
    await use(browser, { app: server.url, hub: hub.url });
  } finally {
    await browser.close();
    await Promise.all([server.close(), hub.close()]);
  }
}
