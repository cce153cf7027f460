import { readFileSync } from 'node:fs';
import { serve } from '../e2e/server.mjs';
import { buildPage } from './build-page.mjs';
import { watchHeaps } from './heap.mjs';
import { withFreshProfile } from './page-bench.mjs';

/** @typedef {import('@playwright/test').CDPSession} CDPSession */

const OUT = new URL('../.build/bench', import.meta.url).pathname;
const MB = 1e6;

/**
 * A process's resident bytes, which Linux records; 0 elsewhere.
 * @param {number} pid @param {'VmHWM' | 'VmRSS'} which the most there ever were, or those of now
 */
export function residentBytes(pid, which) {
  if (process.platform !== 'linux') return 0;
  const kilobytes = new RegExp(`${which}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? 0) * 1024;
}

/**
 * Opens a UNet with made-up weights as a WebGPU session in a fresh browser, and watches its memory.
 * @param {string} executablePath
 * @param {import('../src/measure/components.ts').SyntheticModel} model
 */
export async function sessionMemory(executablePath, model) {
  await buildPage(new URL('memory.html', import.meta.url).pathname, OUT);
  const server = await serve(OUT);
  try {
    return await withFreshProfile(executablePath, 'webgpu', async (context) => {
      const page = await context.newPage();
      const heaps = await watchHeaps(await context.newCDPSession(page));
      await page.goto(`${server.url}memory.html`);
      const opened = page.evaluate((name) => /** @type {any} */ (globalThis).openSyntheticUnet(name), model);
      const peak = await heaps.peakDuring(opened);
      const { fileBytes, seconds } = await opened;

      const browser = await context.browser()?.newBrowserCDPSession();
      const { processInfo } = await /** @type {CDPSession} */ (browser).send('SystemInfo.getProcessInfo');
      const renderers = processInfo
        .filter(({ type }) => type === 'renderer')
        .map(({ id }) => residentBytes(id, 'VmHWM'));
      return {
        fileMB: Math.round(fileBytes / MB),
        seconds,
        heapMB: peak / MB,
        rendererMB: Math.max(...renderers) / MB,
      };
    });
  } finally {
    await server.close();
  }
}
