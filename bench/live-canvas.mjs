import { withFreshProfile } from './page-bench.mjs';

/** Milliseconds between the pen being up and the next stroke. */
const PAUSE_MS = 500;

/**
 * Seconds from when the pen is up to the new picture on the Draw screen, with Trinket loaded by an earlier stroke.
 * @param {string} url of the built app
 * @param {string} executablePath
 * @param {number} times
 */
export function liveCanvas(url, executablePath, times) {
  return withFreshProfile(executablePath, 'wasm', async (context) => {
    const page = await context.newPage();
    await page.goto(`${url}#screen=draw&prompt=a+red+apple&device=wasm`);
    const paper = page.getByRole('application', { name: /^Drawing/ });
    await paper.waitFor();
    /** @param {number} at a part of the paper's height */
    const stroke = async (at) => {
      const box = await paper.boundingBox();
      if (!box) throw new Error('No paper to draw on.');
      const next = page.evaluate(nextLivePicture);
      const y = box.y + box.height * at;
      await page.mouse.move(box.x + box.width * 0.2, y);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, y, { steps: 12 });
      await page.mouse.up();
      return next;
    };
    await stroke(0.1);
    /** @type {number[]} */
    const seconds = [];
    for (let i = 0; i < times; i++) {
      await page.waitForTimeout(PAUSE_MS);
      seconds.push(await stroke(0.2 + (0.7 * i) / times));
    }
    return seconds;
  });
}

/** Runs in the page: seconds from the next time a pointer is up to the next picture that is decoded and shown. */
function nextLivePicture() {
  const shown = () => /** @type {HTMLImageElement | null} */ (document.querySelector('main img'));
  const before = shown()?.src;
  return new Promise((resolve, reject) => {
    const waitFrom = () => {
      const start = performance.now();
      const look = async () => {
        const alert = document.querySelector('main [role=alert]')?.textContent;
        if (alert) return reject(new Error(alert));
        const image = shown();
        if (!image || image.src === before) return requestAnimationFrame(look);
        await image.decode();
        resolve((performance.now() - start) / 1000);
      };
      look();
    };
    addEventListener('pointerup', waitFrom, { once: true, capture: true });
  });
}
