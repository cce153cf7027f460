// `npm run screens`: every screen of the built app with real pictures in it, dark and light, at a desk and on a phone,
// into docs/screens, and the page that shows them, docs/screens.md.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { prepare, SCENES } from './scenes.mjs';
import { withApp } from './with-app.mjs';

const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;
const FOLDER = path('screens');
const QUALITIES = [0.8, 0.65, 0.5];
const MOST_BYTES = 60_000;

const LOOKS = /** @type {const} */ ([
  { name: 'desktop-dark', colorScheme: 'dark', width: 1280, height: 800 },
  { name: 'desktop-light', colorScheme: 'light', width: 1280, height: 800 },
  { name: 'phone-dark', colorScheme: 'dark', width: 390, height: 844 },
  { name: 'phone-light', colorScheme: 'light', width: 390, height: 844 },
]);

/**
 * A PNG as WebP, encoded by the browser: as good as keeps it small.
 * @param {import('@playwright/test').Page} page Any page.
 * @param {Buffer} png
 * @returns {Promise<Buffer>}
 */
async function webp(page, png) {
  const encoded = await page.evaluate(
    async ({ base64, qualities, most }) => {
      const source = await fetch(`data:image/png;base64,${base64}`);
      const bitmap = await createImageBitmap(await source.blob());
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
      let blob = new Blob();
      for (const quality of qualities) {
        blob = await canvas.convertToBlob({ type: 'image/webp', quality });
        if (blob.size <= most) break;
      }
      return Array.from(new Uint8Array(await blob.arrayBuffer()));
    },
    { base64: png.toString('base64'), qualities: QUALITIES, most: MOST_BYTES },
  );
  return Buffer.from(encoded);
}

/** Runs in the page. @param {Element} element */
function toTop(element) {
  element.scrollIntoView({ block: 'start' });
  // A little room above it.
  for (let at = element.parentElement; at; at = at.parentElement) at.scrollBy(0, -16);
}

/**
 * The page once it has come to rest: what is scrolled to is not always drawn at once.
 * @param {import('@playwright/test').Page} page
 */
async function still(page) {
  let last = await page.screenshot();
  for (let more = 0; more < 5; more++) {
    const next = await page.screenshot();
    if (next.equals(last)) break;
    last = next;
  }
  return last;
}

/** Runs in the page. */
function toStart() {
  for (const element of document.querySelectorAll('*')) element.scrollTop = 0;
}

/** The page that shows them all. */
function overview() {
  const sections = SCENES.map(({ name, caption }) => {
    const cells = LOOKS.map((look) => {
      const width = look.width > 1000 ? 420 : 130;
      return `<img src="screens/${name}-${look.name}.webp" width="${width}" alt="${caption} (${look.name.replace('-', ', ')})">`;
    });
    return `## ${caption}\n\n${cells.join('\n')}\n`;
  });
  return `# Every screen\n\nDark and light, at a desk and on a phone: \`npm run screens\` takes them from the built app, on the CPU, with Trinket.\n\n${sections.join('\n')}`;
}

await withApp(async (browser, urls) => {
  const page = await browser.newPage({ locale: 'en-GB', reducedMotion: 'reduce' });
  const encoder = await browser.newPage();
  const devtools = await page.context().newCDPSession(page);
  await page.setViewportSize({ width: LOOKS[0].width, height: LOOKS[0].height });
  await prepare(page, urls);
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  let sum = 0;
  for (const { name, show, place, hide } of SCENES) {
    await show(page);
    // Nothing is under the pointer.
    await page.mouse.move(0, 0);
    for (const { name: look, colorScheme, width, height } of LOOKS) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: width < 1000 });
      if (place) await page.getByText(place, { exact: true }).evaluate(toTop);
      else await page.evaluate(toStart);
      const bytes = await webp(encoder, await still(page));
      writeFileSync(`${FOLDER}/${name}-${look}.webp`, bytes);
      sum += bytes.length;
    }
    await page.setViewportSize({ width: LOOKS[0].width, height: LOOKS[0].height });
    await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: false });
    await hide?.(page);
    console.log(name);
  }
  writeFileSync(path('screens.md'), overview());
  console.log(`${SCENES.length * LOOKS.length} pictures, ${(sum / 1e6).toFixed(2)} MB`);
});
