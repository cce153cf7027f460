import { stableDiffusion15 } from '../e2e/full-size.mjs';
import { Hub } from '../e2e/hub.mjs';
import { watchHeaps } from './heap.mjs';
import { nextPicture, withFreshProfile } from './page-bench.mjs';

const MB = 1e6;
const SMALL = 'prompt=a+red+apple&width=64&height=64&steps=2&guidance=1&device=webgpu';

/**
 * Downloads Stable Diffusion 1.5 at its full size, with random weights, from a local server with the Hub's addresses into a
 * fresh browser, by the built app; then paints a small picture with it on software WebGPU.
 * @param {string} url of the built app
 * @param {string} executablePath
 */
export async function fullSize(url, executablePath) {
  const hub = await Hub.start();
  hub.repos.set('test/sd15', { files: stableDiffusion15() });
  try {
    return await withFreshProfile(executablePath, 'webgpu', async (context) => {
      const page = await context.newPage();
      const heaps = await watchHeaps(await context.newCDPSession(page));
      /** @param {string} name */
      const button = (name) => page.getByRole('button', { name, exact: true });
      await page.goto(url);
      await button('Models').click();
      await page.getByText('Hub settings').click();
      await page.getByLabel('Mirror', { exact: true }).fill(hub.url);
      await page.getByLabel('Repository', { exact: true }).fill('test/sd15');
      await button('Look up').click();
      await button('Download').click({ timeout: 120_000 });
      const start = performance.now();
      const stored = button('Use sd15').waitFor({ timeout: 600_000 });
      const downloadHeap = await heaps.peakDuring(stored);
      await stored;
      const seconds = (performance.now() - start) / 1000;
      await page.goto('about:blank');
      await page.goto(`${url}#${SMALL}&model=test/sd15`);
      const pictureSeconds = await page.evaluate(nextPicture, 'Generate');
      const bytes = hub.sent.reduce((sum, sent) => sum + sent.bytes, 0);
      return { fileMB: Math.round(bytes / MB), seconds, downloadHeapMB: downloadHeap / MB, pictureSeconds };
    });
  } finally {
    await hub.close();
  }
}
