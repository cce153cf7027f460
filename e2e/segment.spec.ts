import { readFileSync } from 'node:fs';
import type { App } from './app.ts';
import { test as base, expect } from './fixtures.ts';
import { Hub, readFolder } from './hub.mjs';
import { file, input, pixelsOf } from './init-image.ts';

// Masks by a click, with the small random SAM whose masks golden/segmenter.py has from transformers; and backgrounds, with a random
// network in the place of U²-Net.

const GOLDEN = new URL('../src/loaders/golden/segmenter/', import.meta.url).pathname;
const U2NET = new URL('../src/loaders/golden/background-removal/u2net', import.meta.url).pathname;
const SEGMENTER = 'Xenova/slimsam-77-uniform';
const SIDE = 128;

interface Case {
  readonly picture: string;
  readonly points: readonly (readonly number[])[];
  readonly runs: readonly number[];
}
const CASES: readonly Case[] = JSON.parse(readFileSync(`${GOLDEN}masks.json`, 'utf8'));

/** The mask of the square picture at these points: 1 where it is marked. */
function maskAt(...points: readonly (readonly [x: number, y: number, label: 0 | 1])[]): number[] {
  const found = CASES.find((one) => one.picture === 'square' && `${one.points}` === `${points}`);
  return (found?.runs ?? []).flatMap((length, i) => new Array<number>(length).fill(i % 2));
}
const share = (mask: readonly number[]) => mask.reduce((sum, value) => sum + value, 0) / mask.length;

const test = base.extend<{ readonly hub: Hub }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's pattern.
  hub: async ({}, use) => {
    const hub = await Hub.start();
    const files = new Map([...readFolder(GOLDEN)].filter(([path]) => /config\.json$|^onnx\//.test(path)));
    hub.repos.set(SEGMENTER, { files, licence: 'apache-2.0' });
    hub.repos.set('BritishWerewolf/U-2-Netp', { files: readFolder(U2NET), licence: 'apache-2.0' });
    await use(hub);
    await hub.close();
  },
});

/** The square picture as a PNG, drawn by the page itself. */
async function squarePng(app: App): Promise<Buffer> {
  const rgb = readFileSync(`${GOLDEN}square.rgb`).toString('base64');
  const png = await app.page.evaluate(
    async ([pixels, side]) => {
      const canvas = new OffscreenCanvas(side, side);
      const rgba = new Uint8ClampedArray(side * side * 4).fill(255);
      for (const [i, letter] of [...atob(pixels)].entries())
        rgba[Math.floor(i / 3) * 4 + (i % 3)] = letter.charCodeAt(0);
      canvas.getContext('2d')?.putImageData(new ImageData(rgba, side, side), 0, 0);
      return [...new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())];
    },
    [rgb, SIDE] as const,
  );
  return Buffer.from(png);
}

async function setMirror(app: App, hub: Hub): Promise<void> {
  await app.button('Models').click();
  await app.page.getByText('Hub settings').click();
  await app.page.getByLabel('Mirror', { exact: true }).fill(hub.url);
  await app.button('Create').click();
}

test('a click marks the thing, another takes a part away, undo brings it back, and only it is painted', async ({
  app,
  hub,
}) => {
  const { page } = app;
  await app.open({ width: SIDE, height: SIDE, steps: 2 });
  await setMirror(app, hub);
  const png = await squarePng(app);
  await input(app).setInputFiles(file(png));
  await app.field('Strength').fill('1');
  await app.button('Inpaint…').click();
  const repo = hub.repos.get(SEGMENTER) as NonNullable<ReturnType<typeof hub.repos.get>>;
  hub.repos.delete(SEGMENTER);
  await app.button('By a click').click();
  await expect(app.alert).toBeVisible();
  hub.repos.set(SEGMENTER, repo);
  await app.button('Look up again').click();
  await expect(page.getByText(/^SlimSAM: .* to fetch, once\. Licence: apache-2\.0\./)).toBeVisible();
  await app.button('Fetch and use').click();
  await expect(page.getByRole('status').filter({ hasText: 'Click on a thing' })).toBeVisible();

  const canvas = page.locator('canvas').last();
  const marked = () =>
    canvas.evaluate((element: HTMLCanvasElement) => {
      const { width, height } = element;
      const data = element.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      return data.filter((value, i) => i % 4 === 3 && value > 76).length / (width * height);
    });
  const thing = maskAt([64, 64, 1]);
  const narrowed = maskAt([64, 64, 1], [20, 100, 0]);
  // The crosshair is in the middle.
  const layer = page.getByRole('application', { name: /^Mask by a click/ });
  await layer.press('Enter');
  await expect.poll(marked).toBeCloseTo(share(thing), 1);
  const first = await marked();
  await app.button('Take away').click();
  const box = await layer.boundingBox();
  if (!box) throw new Error('No mask to click on.');
  const at = (part: number, start: number, length: number) => start + (length * (part + 0.5)) / SIDE;
  await page.mouse.click(at(20, box.x, box.width), at(100, box.y, box.height));
  await expect.poll(marked).not.toBe(first);
  expect(await marked()).toBeCloseTo(share(narrowed), 1);
  await app.button('Undo').click();
  await expect.poll(marked).toBe(first);
  await app.button('Done').click();
  await expect(app.button('Change the mask…')).toBeVisible();
  await app.field('Mask blur').fill('0');
  await app.make();

  const before = readFileSync(`${GOLDEN}square.rgb`);
  const painted = await pixelsOf(app.pictures.first());
  const counts = { kept: 0, changed: 0, wronglyChanged: 0 };
  for (const [i, isMarked] of thing.entries()) {
    const was = before.subarray(i * 3, i * 3 + 3).join(' ');
    const isSame = painted.at(i % SIDE, Math.floor(i / SIDE)) === was;
    if (isMarked) counts.changed += Number(!isSame);
    else counts[isSame ? 'kept' : 'wronglyChanged']++;
  }
  expect(counts.wronglyChanged, 'nothing beside the thing is painted').toBe(0);
  expect(counts.changed / (SIDE * SIDE * share(thing)), 'and all of it is').toBeGreaterThan(0.9);
});

test('a finished picture’s background is removed, and the PNG with its alpha is kept beside it', async ({
  app,
  hub,
}) => {
  const { page } = app;
  await app.open({ prompt: 'a kite', width: 64, height: 64, steps: 2 });
  await setMirror(app, hub);
  await app.make();
  const alphas = () =>
    app.pictures.first().evaluate(async (image: HTMLImageElement) => {
      await image.decode();
      const context = new OffscreenCanvas(64, 64).getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(image, 0, 0);
      const alpha = context.getImageData(0, 0, 64, 64).data.filter((_, i) => i % 4 === 3);
      return [alpha.reduce((a, b) => Math.min(a, b)), alpha.reduce((a, b) => Math.max(a, b))];
    });
  expect(await alphas()).toEqual([255, 255]);
  await app.button('More actions').click();
  await page.getByRole('menuitem', { name: 'Remove the background' }).click();
  await expect(page.getByText(/^U²-Net, small: .* to fetch, once\. Licence: apache-2\.0\./)).toBeVisible();
  await app.button('Fetch and use').click();
  await expect(app.button('With its background')).toBeVisible();
  await expect.poll(alphas).toEqual([0, 255]);
  await expect(page.getByText('Background removed.')).toBeAttached();
  await app.button('With its background').click();
  await expect.poll(alphas).toEqual([255, 255]);
  await app.button('Gallery').click();
  await expect(page.getByRole('button', { name: 'Open: a kite', exact: true })).toHaveCount(2);
});
