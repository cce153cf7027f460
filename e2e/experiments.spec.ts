import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import { readPng } from './png.ts';

// One or two settings at several values: the grid, what is saved of it, and that it goes on where it was.

const screen = (app: App) => app.page.getByRole('main', { name: 'Experiments' });
const cells = (app: App) => screen(app).getByRole('button', { name: /^(Guidance scale|Seed|Steps)/ });
const cell = (app: App, name: string) => screen(app).getByRole('img', { name, exact: true });

async function openExperiments(app: App): Promise<void> {
  await app.button('Experiments').click();
  await expect(screen(app)).toBeVisible();
}

/** Fills in the axes: guidance over the columns, and seeds over the rows. */
async function fillAxes(app: App, guidance: string, seeds: string): Promise<void> {
  const { page } = app;
  await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Guidance scale' });
  await page.getByLabel('Values of the columns', { exact: true }).fill(guidance);
  await page.getByLabel('Rows', { exact: true }).selectOption({ label: 'Seed' });
  await page.getByLabel('Values of the rows', { exact: true }).fill(seeds);
}

/** SHA-256 of the pixels of what an image on the page shows. */
function pixelsOf(app: App, name: string): Promise<string> {
  return cell(app, name).evaluate(async (image: HTMLImageElement) => {
    const bitmap = await createImageBitmap(await (await fetch(image.src)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (!context) throw new Error('No canvas.');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

async function saved(app: App, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([app.page.waitForEvent('download'), app.button(name).click()]);
  return { name: (download as Download).suggestedFilename(), bytes: await readFile(await download.path()) };
}

test('each cell of a grid of two by two is the picture made alone, and its settings can be used', async ({
  app,
}) => {
  await app.open({ seed: 3 });
  await openExperiments(app);
  await fillAxes(app, '2, 7.5', '3-4');
  await expect(app.page.getByText('2 values: 2 · 7.5')).toBeVisible();
  await expect(app.page.getByText(/^4 pictures/)).toBeVisible();
  await app.button('Start').click();
  await expect(cells(app)).toHaveCount(4);
  await expect(app.page.getByText('4 of 4 pictures', { exact: true })).toBeVisible();
  await expect(app.page.getByRole('columnheader')).toHaveText(['Guidance scale 2', 'Guidance scale 7.5']);
  await expect(app.page.getByRole('rowheader')).toHaveText(['Seed 3', 'Seed 4']);

  const grid = new Map<string, string>();
  for (const guidance of [2, 7.5])
    for (const seed of [3, 4]) {
      const name = `Guidance scale ${guidance}, Seed ${seed}`;
      grid.set(`${guidance} ${seed}`, await pixelsOf(app, name));
    }
  expect(new Set(grid.values()).size).toBe(4);

  await app.button('Create').click();
  await expect(app.page.getByText('From an experiment; the form has other settings.')).toBeVisible();
  await openExperiments(app);
  await cell(app, 'Guidance scale 7.5, Seed 3').click();
  await expect(app.page.getByRole('dialog')).toContainText('Guidance scale7.5');
  await app.page.keyboard.press('ArrowRight');
  await expect(app.page.getByRole('dialog')).toHaveAccessibleName('Guidance scale 2, Seed 4');
  await app.button('Use these settings').click();
  await expect(app.field('Seed')).toHaveValue('4');
  await expect(app.field('Guidance scale')).toHaveValue('2');
  await expect(app.page.getByText('the form has other settings.')).toBeHidden();
  const [shown] = await app.arrived();
  expect(shown?.pixels, 'the picture that they made is shown').toBe(grid.get('2 4'));
  for (const [key, pixels] of grid) {
    const [guidance, seed] = key.split(' ') as [string, string];
    await app.field('Guidance scale').fill(guidance);
    await app.field('Seed').fill(seed);
    const [alone] = await app.make();
    expect(alone?.pixels, key).toBe(pixels);
  }
});

test('an experiment that was stopped is resumed after a reload: what was finished stays, and the rest is as it would have been', async ({
  app,
}) => {
  await app.open({ seed: 3, steps: 60 });
  await openExperiments(app);
  await fillAxes(app, '2, 7.5', '3-4');
  await app.button('Start').click();
  await expect(cells(app)).toHaveCount(1);
  await app.button('Stop the experiment').click();
  await expect(app.button('Resume')).toBeVisible();
  const before = await cells(app).count();
  expect(before).toBeLessThan(4);
  const first = await pixelsOf(app, 'Guidance scale 2, Seed 3');

  await app.page.reload();
  await openExperiments(app);
  await expect(cells(app)).toHaveCount(before);
  await expect(app.page.getByText(/paused/)).toBeVisible();
  expect(await pixelsOf(app, 'Guidance scale 2, Seed 3')).toBe(first);
  await app.button('Resume').click();
  await expect(cells(app)).toHaveCount(4);
  const last = await pixelsOf(app, 'Guidance scale 7.5, Seed 4');
  expect(await pixelsOf(app, 'Guidance scale 2, Seed 3')).toBe(first);

  await app.button('Create').click();
  await app.open({ seed: 4, guidance: 7.5, steps: 60 });
  const [alone] = await app.make();
  expect(alone?.pixels).toBe(last);

  await openExperiments(app);
  await app.button('Delete Guidance scale × Seed').click();
  await expect(cells(app)).toHaveCount(0);
  await app.button('Undo').click();
  await expect(cells(app)).toHaveCount(4);
});

test('one click makes nine pictures with nine guidance values, which are saved as a grid and as files', async ({
  app,
}) => {
  await app.open({ seed: 3, steps: 2 });
  await openExperiments(app);
  await app.button('Nine guidance values').click();
  await expect(cells(app)).toHaveCount(9);
  await expect(cells(app)).toHaveText(Array(9).fill(''));
  // Round Trinket's usual 2.5.
  const labels = [1, 1.5, 1.75, 2.25, 2.5, 3.25, 3.75, 4.5, 5].map((value) => `Guidance scale ${value}`);
  for (const label of labels) await expect(cell(app, label)).toBeVisible();
  const pixels = await Promise.all(labels.map((label) => pixelsOf(app, label)));
  expect(new Set(pixels).size).toBe(9);

  const zip = await saved(app, 'Save each picture (zip)');
  expect(zip.name).toBe('guidance-scale-a-red-apple.zip');
  const files = unzipSync(new Uint8Array(zip.bytes));
  expect(Object.keys(files)[4]).toBe('5-guidance-scale-2.5.png');
  expect(Object.keys(files)).toHaveLength(9);
  for (const [i, file] of Object.values(files).entries()) {
    const shown = await cell(app, labels[i] as string).evaluate(async (image: HTMLImageElement) => [
      ...new Uint8Array(await (await fetch(image.src)).arrayBuffer()),
    ]);
    expect(Buffer.from(file).equals(Buffer.from(shown)), labels[i]).toBe(true);
    expect(readPng(Buffer.from(file)).parameters).toContain(`CFG scale: ${labels[i]?.split(' ').at(-1)},`);
  }

  const grid = await saved(app, 'Save the grid');
  expect(grid.name).toBe('guidance-scale-a-red-apple.png');
  await checkGrid(app.page, grid.bytes);
});

/** Three by three pictures of 64 × 64, drawn twice as large: where each lies, and that something is there, labels too. */
async function checkGrid(page: Page, png: Buffer): Promise<void> {
  // 12 pixels of text in a line of 1.3: 16 for a label, and 6 between all.
  const [label, gap, size] = [16, 6, 128];
  const expected = {
    width: gap + 3 * (size + gap),
    height: gap + 2 * label + gap + 3 * (label + size + gap),
  };
  expect(readPng(png)).toMatchObject({ ...expected, parameters: expect.stringContaining('CFG scale: 3,') });
  const spread = await page.evaluate(
    async ([bytes, l, g, s]) => {
      const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      if (!context) throw new Error('No canvas.');
      context.drawImage(bitmap, 0, 0);
      const deviation = (x: number, y: number, width: number, height: number) => {
        const { data } = context.getImageData(x, y, width, height);
        const greens = data.filter((_, i) => i % 4 === 1);
        const mean = greens.reduce((sum, value) => sum + value, 0) / greens.length;
        return Math.sqrt(greens.reduce((sum, value) => sum + (value - mean) ** 2, 0) / greens.length);
      };
      return Array.from({ length: 9 }, (_, i) => {
        const x = g + (i % 3) * (s + g);
        const y = g + 2 * l + g + l + Math.floor(i / 3) * (l + s + g);
        return { picture: deviation(x, y, s, s), label: deviation(x, y - l, s, l) };
      });
    },
    [[...png], label, gap, size] as const,
  );
  for (const { picture, label: text } of spread) {
    expect(picture).toBeGreaterThan(3);
    expect(text).toBeGreaterThan(3);
  }
}

test('two pictures are compared by keyboard', async ({ app }) => {
  await app.open({ seed: 3, steps: 2 });
  await openExperiments(app);
  await fillAxes(app, '5', '3-5');
  await app.button('Start').click();
  await expect(cells(app)).toHaveCount(3);
  await app.button('Compare two').click();
  const dialog = app.page.getByRole('dialog', { name: 'Compare two pictures' });
  const slider = dialog.getByRole('slider');
  const frame = dialog.locator('div').first();
  const half = await frame.screenshot();
  await slider.focus();
  await app.page.keyboard.press('Home');
  const right = await frame.screenshot();
  await app.page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', /^100% .*Seed 3, 0% .*Seed 4$/);
  const left = await frame.screenshot();
  expect(new Set([half, left, right].map((shot) => shot.toString('base64'))).size).toBe(3);

  await dialog.getByLabel('Left', { exact: true }).selectOption({ label: 'Guidance scale 5, Seed 5' });
  await expect(slider).toHaveAttribute('aria-valuetext', /Seed 5, 0%/);
  await app.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('words are replaced, samplers are ticked, and the page says what cannot be tried', async ({ app }) => {
  await app.open({ seed: 3, steps: 2, prompt: 'a red apple' });
  await openExperiments(app);
  const { page } = app;
  await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Words of the prompt' });
  await page.getByLabel('Values of the columns', { exact: true }).fill('blue, green');
  await expect(page.getByText('Neither prompt contains “blue”')).toBeVisible();
  await expect(app.button('Start')).toHaveAttribute('aria-disabled', 'true');
  await page.getByLabel('Values of the columns', { exact: true }).fill('red, blue');
  await page.getByLabel('Rows', { exact: true }).selectOption({ label: 'Sampler' });
  const ticks = page.getByRole('group', { name: 'Rows: Sampler' });
  for (const name of ['DPM++ 2M Karras', 'Euler', 'Euler a', 'DDIM'])
    await ticks.getByLabel(name, { exact: true }).uncheck();
  await expect(page.getByText('Tick at least one.')).toBeVisible();
  await ticks.getByLabel('DDIM', { exact: true }).check();
  await ticks.getByLabel('Euler', { exact: true }).check();
  await app.button('Start').click();
  await expect(page.getByText('4 of 4 pictures', { exact: true })).toBeVisible();
  const names = ['red, Euler', 'blue, Euler', 'red, DDIM', 'blue, DDIM'];
  const pixels = await Promise.all(names.map((name) => pixelsOf(app, name)));
  expect(new Set(pixels).size).toBe(4);

  await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Steps' });
  await page.getByLabel('Values of the columns', { exact: true }).fill('5, 1001');
  await expect(page.getByText('Steps must be from 1 to 1000, not 1001.')).toBeVisible();
});

test('a cell that fails says why, the others are made, and it can be tried again', async ({ app }) => {
  await app.open({ seed: 3, steps: 1 });
  await openExperiments(app);
  const { page } = app;
  await page.getByLabel('Columns', { exact: true }).selectOption({ label: 'Clip skip' });
  await page.getByLabel('Values of the columns', { exact: true }).fill('0, 11');
  await app.button('Start').click();
  await expect(page.getByText('1 of 2 pictures · 1 failed', { exact: true })).toBeVisible();
  await expect(screen(app).getByText(/less than this text encoder’s \d layers/)).toBeVisible();
  await app.button('Try again: Clip skip 11').click();
  await expect(page.getByText('1 of 2 pictures · 1 failed', { exact: true })).toBeVisible();
});

/** The pixels of each frame of the filmstrip. */
const framesOf = (app: App) =>
  app.page
    .locator('ol[aria-label^=Filmstrip] canvas')
    .evaluateAll((canvases: HTMLCanvasElement[]) => canvases.map((canvas) => canvas.toDataURL()));

test('the filmstrip of a run is saved', async ({ app }) => {
  await app.open({ seed: 3, steps: 8, width: 96, filmstrip: 1 });
  await app.make();
  const frames = await framesOf(app);
  expect(new Set(frames).size, 'each unlike the others').toBe(8);

  await test.step('and it is there again after another screen', async () => {
    await app.button('Gallery').click();
    await app.button('Create').click();
    expect(await framesOf(app)).toEqual(frames);
  });

  await test.step('as a strip of eight', async () => {
    const strip = await saved(app, 'Save strip');
    expect(strip.name).toBe('a-red-apple-3-film.png');
    expect(readPng(strip.bytes)).toMatchObject({ width: 8 + 8 * (96 + 8), height: 8 + 64 + 24 });
    const shown = app.page.getByRole('list', { name: 'Filmstrip of seed 3' }).locator('canvas');
    await expect(shown).toHaveCount(8);
    // What lies in the strip is what the page shows.
    const different = await app.page.evaluate(
      async (bytes) => {
        const bitmap = await createImageBitmap(new Blob([Uint8Array.from(bytes)]));
        const canvases = [
          ...document.querySelectorAll<HTMLCanvasElement>('ol[aria-label^=Filmstrip] canvas'),
        ];
        return canvases.filter((canvas, i) => {
          const read = (image: CanvasImageSource, x: number) => {
            const context = new OffscreenCanvas(96, 64).getContext('2d');
            context?.drawImage(image, x, 0, 96, 64, 0, 0, 96, 64);
            return context?.getImageData(0, 0, 96, 64).data.join();
          };
          const context = new OffscreenCanvas(bitmap.width, bitmap.height - 8);
          context.getContext('2d')?.drawImage(bitmap, 0, -8);
          return read(canvas, 0) !== read(context, 8 + i * 104);
        }).length;
      },
      [...strip.bytes],
    );
    expect(different).toBe(0);
  });

  await test.step('as a GIF, the last frame held, close to what the page shows', async () => {
    const gif = await saved(app, 'Save GIF');
    expect(gif.name).toBe('a-red-apple-3-film.gif');
    const decoded = await app.page.evaluate(
      async (bytes) => {
        const decoder = new ImageDecoder({ data: Uint8Array.from(bytes), type: 'image/gif' });
        await decoder.tracks.ready;
        const count = decoder.tracks.selectedTrack?.frameCount ?? 0;
        const canvases = document.querySelectorAll<HTMLCanvasElement>('ol[aria-label^=Filmstrip] canvas');
        const milliseconds: number[] = [];
        const errors: number[] = [];
        for (let i = 0; i < count; i++) {
          const { image } = await decoder.decode({ frameIndex: i });
          milliseconds.push((image.duration ?? 0) / 1000);
          const read = (source: CanvasImageSource) => {
            const context = new OffscreenCanvas(96, 64).getContext('2d');
            if (!context) throw new Error('No canvas.');
            context.drawImage(source, 0, 0);
            return context.getImageData(0, 0, 96, 64).data;
          };
          const [a, b] = [read(image), read(canvases[i] as HTMLCanvasElement)];
          errors.push(a.reduce((sum, value, k) => sum + (value - (b[k] as number)) ** 2, 0) / a.length);
        }
        return { milliseconds, decibels: errors.map((error) => 10 * Math.log10(255 ** 2 / error)) };
      },
      [...gif.bytes],
    );
    expect(decoded.milliseconds).toEqual([250, 250, 250, 250, 250, 250, 250, 2000]);
    // The first frames are noise, the hardest there is for 256 colours.
    expect(Math.min(...decoded.decibels)).toBeGreaterThan(28);
  });

  await test.step('as a video where the browser records one', async () => {
    const video = await saved(app, 'Save video');
    expect(video.name).toMatch(/^a-red-apple-3-film\.(mp4|webm)$/);
    const played = await app.page.evaluate(
      async ([bytes, type]) => {
        const element = document.createElement('video');
        element.muted = true;
        element.src = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type }));
        await new Promise((resolve, reject) => {
          element.onended = resolve;
          element.onerror = () => reject(new Error(element.error?.message));
          void element.play();
        });
        return { width: element.videoWidth, height: element.videoHeight, seconds: element.currentTime };
      },
      [[...video.bytes], video.name.endsWith('mp4') ? 'video/mp4' : 'video/webm'] as const,
    );
    expect(played).toMatchObject({ width: 384, height: 256 });
    // Seven quarters of a second and two whole ones.
    expect(played.seconds).toBeGreaterThan(3);
  });
});
