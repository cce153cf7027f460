import { readFileSync } from 'node:fs';
import type { App } from './app.ts';
import { expect, test } from './fixtures.ts';
import {
  BLUE,
  chosen,
  count,
  dab,
  drawn,
  file,
  input,
  maskCanvas,
  type Pixels,
  pixelsOf,
  RED,
} from './init-image.ts';

// Where the start picture lies, what is repainted of it, and what around it.

const GREEN = '0 128 0';
const WHOLE = [0, 0, 64, 64] as const;

/** A page with this start picture, its seed kept. */
async function begin(app: App, picture: Promise<Buffer> | Buffer, settings = {}): Promise<void> {
  // Drawn by the page, which is left for another by opening it.
  const bytes = await picture;
  await app.open({ steps: 3, strength: 1, maskBlur: 0, ...settings });
  await app.button('Lock seed').click();
  await input(app).setInputFiles(file(bytes));
  await expect(chosen(app)).toBeVisible();
}

test.describe('what is cut out', () => {
  test('is moved by key and by pointer, and the page says by how much', async ({ app }) => {
    await begin(app, drawn(app, 192, 64, 'red', 'green', 'blue'));
    await expect(
      app.page.getByText('192 × 64 in the file, 64 × 64 here. Cropped: 64 left, 64 right'),
    ).toBeVisible();
    await dab(app, 0.5, 0.5);
    const cutOut = app.page.getByRole('slider', { name: 'Crop' });
    const corner = async () => {
      await app.make();
      return (await pixelsOf(app.pictures.first())).at(2, 2);
    };
    expect(await corner()).toBe(GREEN);
    await cutOut.press('Home');
    await expect(app.page.getByText('Cropped: 128 right')).toBeVisible();
    expect(await corner()).toBe(RED);
    await cutOut.press('End');
    expect(await corner()).toBe(BLUE);

    const box = await cutOut.boundingBox();
    if (!box) throw new Error('Nothing to drag.');
    await app.page.mouse.move(box.x + 10, box.y + box.height / 2);
    await app.page.mouse.down();
    await app.page.mouse.move(box.x + 10 + 3 * box.width, box.y + box.height / 2, { steps: 3 });
    await app.page.mouse.up();
    await expect(app.page.getByText('Cropped: 128 right')).toBeVisible();
    await app.page.reload();
    await expect(app.page.getByText('Cropped: 128 right')).toBeVisible();
  });

  test('what is marked moves with the picture, and stays when the size changes', async ({ app }) => {
    await begin(app, drawn(app, 128, 64, 'red', 'green'));
    const cutOut = app.page.getByRole('slider', { name: 'Crop' });
    await cutOut.press('Home');
    await dab(app, 0.5, 0.5);
    await app.make();
    const before = await pixelsOf(app.pictures.first());
    expect(count(before, RED, WHOLE)).toBeLessThan(64 * 64);
    await cutOut.press('End');
    await app.make();
    const after = await pixelsOf(app.pictures.first());
    expect(count(after, GREEN, WHOLE), 'what was marked lies outside').toBe(64 * 64);
    await app.field('Width').fill('128');
    await app.field('Width').blur();
    await expect(app.button('Change the mask…')).toBeVisible();
    await app.make();
    const wide = await pixelsOf(app.pictures.first());
    expect(count(wide, GREEN, [64, 0, 128, 64])).toBe(64 * 64);
    expect(count(wide, RED, [0, 0, 64, 64])).toBeLessThan(64 * 64);
  });

  test('can be all of the picture, with borders to paint', async ({ app }) => {
    await begin(app, drawn(app, 128, 64));
    await app.field('Fit').selectOption({ label: 'Fit inside, paint the borders' });
    await expect(app.page.getByText('To paint: 16 top, 16 bottom pixels.')).toBeVisible();
    await app.make();
    const pixels = await pixelsOf(app.pictures.first());
    // Eight pixels at either seam are the model's.
    expect(count(pixels, RED, [0, 24, 31, 40])).toBe(31 * 16);
    expect(count(pixels, BLUE, [33, 24, 64, 40])).toBe(31 * 16);
    expect(count(pixels, RED, [0, 0, 64, 16]) + count(pixels, BLUE, [0, 0, 64, 16])).toBeLessThan(64);
  });
});

test('the canvas is extended by keys, by number and by pointer, and the picture stays pixel for pixel', async ({
  app,
}) => {
  await begin(app, drawn(app, 64, 64));
  await app.button('Extend…').click();
  const edge = (side: string) => app.page.getByRole('slider', { name: `${side} edge` });
  for (let i = 0; i < 4; i++) await edge('right').press('ArrowRight');
  await app.field('Left').fill('13');
  await app.field('Left').press('Enter');
  await expect(app.field('Left')).toHaveValue('16');
  const box = await edge('top').boundingBox();
  if (!box) throw new Error('No edge to drag.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await app.page.mouse.move(x, y);
  await app.page.mouse.down();
  await app.page.mouse.move(x, y - 300, { steps: 4 });
  await app.page.mouse.move(x, y + 300, { steps: 4 });
  await expect(app.field('Top')).toHaveValue('0');
  await app.page.mouse.up();
  await app.field('Bottom').fill('24');
  await expect(app.page.getByText('112 × 88 pixels in total')).toBeVisible();
  await app.button('Done').click();
  await expect(app.field('Width')).toHaveValue('112');
  await expect(app.field('Height')).toHaveValue('88');
  await expect(app.page.getByText('To paint: 16 left, 32 right, 24 bottom pixels.')).toBeVisible();

  const [made] = await app.make();
  const pixels = await pixelsOf(app.pictures.first());
  expect([pixels.width, pixels.height]).toEqual([112, 88]);
  expect(count(pixels, RED, [24, 0, 48, 56])).toBe(24 * 56);
  expect(count(pixels, BLUE, [48, 0, 72, 56])).toBe(24 * 56);
  for (const added of [
    [0, 0, 16, 88],
    [80, 0, 112, 88],
    [16, 64, 80, 88],
  ] as const)
    expect(count(pixels, RED, added) + count(pixels, BLUE, added)).toBeLessThan(20);

  await app.page.reload();
  await expect(app.page.getByText('To paint: 16 left, 32 right, 24 bottom pixels.')).toBeVisible();
  const [again] = await app.make();
  expect(again?.pixels).toBe(made?.pixels);
});

test('mask blur and masked content change the pixels, and the PNG says so', async ({ app }) => {
  await begin(app, drawn(app, 64, 64), { strength: 0.7 });
  await dab(app, 0.5, 0.5);
  const seen = new Set<string>();
  const fresh = async (words: string) => {
    const [picture] = await app.make();
    expect(picture?.parameters).toContain(words);
    expect(seen.has(picture?.pixels ?? '')).toBe(false);
    seen.add(picture?.pixels ?? '');
    return pixelsOf(app.pictures.first());
  };
  const hard = await fresh('Mask blur: 0, Masked content: original');
  await app.field('Mask blur').fill('4');
  const soft = await fresh('Mask blur: 4');
  const kept = (pixels: typeof hard) => count(pixels, RED, WHOLE) + count(pixels, BLUE, WHOLE);
  expect(kept(soft)).toBeLessThan(kept(hard));
  await app.field('Masked content').selectOption('noise');
  await fresh('Masked content: latent noise');
  await app.field('Masked content').selectOption('fill');
  await fresh('Masked content: fill');
});

test('only what is marked is painted, and put back into a picture as large as its file', async ({ app }) => {
  await begin(app, drawn(app, 512, 512));
  await dab(app, 0.25, 0.25);
  await app.field('Inpaint area').selectOption('32');
  const [picture] = await app.make();
  expect(picture?.parameters).toContain('Inpaint area: Only masked, Masked area padding: 32');
  const pixels = await pixelsOf(app.pictures.first());
  expect([pixels.width, pixels.height]).toEqual([512, 512]);
  expect(count(pixels, BLUE, [256, 0, 512, 512])).toBe(256 * 512);
  const red = count(pixels, RED, [0, 0, 256, 512]);
  // The brush has a radius of 0.08 · 512 pixels.
  const marked = 256 * 512 - red;
  expect(marked).toBeGreaterThan(0.8 * Math.PI * 41 ** 2);
  expect(marked).toBeLessThan(1.1 * Math.PI * 41 ** 2);
});

test('only what is marked, refined by Hires too, is put back into the same place', async ({ app }) => {
  await begin(app, drawn(app, 512, 384), { hires: 'image', hiresScale: 1.5, hiresSteps: 2 });
  await dab(app, 0.25, 0.5);
  await app.field('Inpaint area').selectOption('32');
  await app.make();
  const pixels = await pixelsOf(app.pictures.first());
  expect([pixels.width, pixels.height]).toEqual([384, 384]);
  expect(count(pixels, BLUE, [192, 0, 384, 384])).toBe(192 * 384);
  const marked = 192 * 384 - count(pixels, RED, [0, 0, 192, 384]);
  expect(marked).toBeGreaterThan(0.8 * Math.PI * 31 ** 2);
  expect(marked).toBeLessThan(1.1 * Math.PI * 31 ** 2);
});

/** What each of EXIF's orientations looks like upright, as Pillow has it: its size and the colours of its corners. */
const { upright } = JSON.parse(readFileSync(new URL('golden/upright.json', import.meta.url), 'utf8')) as {
  upright: Record<string, { width: number; height: number; corners: [number, number, number][] }>;
};

/** The orientations that are painted: every one of a JPEG, of the others one that is turned. */
const PAINTED = { jpg: '12345678', png: '6', avif: '8', webp: '6' };

for (const [format, painted] of Object.entries(PAINTED))
  test(`a ${format} is upright whichever of the ways the camera was held that EXIF knows`, async ({
    app,
  }) => {
    await app.open();
    for (const orientation of Object.keys(upright))
      await test.step(orientation, async () => {
        // Chromium does not turn a WebP (findings/image-size-orientation.sh).
        const { width, height, corners } = upright[
          format === 'webp' ? '1' : orientation
        ] as (typeof upright)[string];
        const isPainted = painted.includes(orientation);
        if (isPainted) await app.follow({ width, height, steps: 1, strength: 1, maskBlur: 0 });
        const name = `${orientation}.${format}`;
        await input(app).setInputFiles(file(readFileSync(new URL(`golden/${name}`, import.meta.url)), name));
        await expect(app.page.getByText(`${width} × ${height} in the file`)).toBeVisible();
        if (isPainted) {
          await dab(app, 0.5, 0.5);
          await app.make();
          expectCorners(await pixelsOf(app.pictures.first()), corners);
        }
        await app.button('Remove the picture').click();
        await expect(chosen(app)).toBeHidden();
      });
  });

function expectCorners(pixels: Pixels, corners: readonly (readonly number[])[]): void {
  const [right, bottom] = [pixels.width - 9, pixels.height - 9];
  const places = [
    [8, 8],
    [right, 8],
    [8, bottom],
    [right, bottom],
  ] as const;
  for (const [i, [x, y]] of places.entries())
    for (const [channel, value] of pixels.at(x, y).split(' ').entries())
      expect(Math.abs(Number(value) - (corners[i]?.[channel] as number))).toBeLessThanOrEqual(2);
}

test('a brush on a stretched picture marks what its cursor shows', async ({ app }) => {
  await begin(app, drawn(app, 256, 64), { fit: 'stretch' });
  await app.button('Inpaint…').click();
  await app.button('Soft edge').click();
  const box = await maskCanvas(app).boundingBox();
  if (!box) throw new Error('No mask to draw on.');
  await app.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  const size = await maskCanvas(app).evaluate((canvas: HTMLCanvasElement) => {
    const { data, width } = canvas
      .getContext('2d')
      ?.getImageData(0, 0, canvas.width, canvas.height) as ImageData;
    const marked = [...data.keys()].filter((i) => i % 4 === 3 && (data[i] as number) > 76).map((i) => i >> 2);
    const [xs, ys] = [marked.map((i) => i % width), marked.map((i) => Math.floor(i / width))];
    return { width: Math.max(...xs) - Math.min(...xs) + 1, height: Math.max(...ys) - Math.min(...ys) + 1 };
  });
  const cursor = await app.page.locator('dialog span[aria-hidden]').boundingBox();
  const scale = 512 / box.width;
  expect(Math.abs(size.width - (cursor?.width ?? 0) * scale)).toBeLessThan(4);
  expect(Math.abs(size.height - (cursor?.height ?? 0) * scale)).toBeLessThan(4);
  expect(size.height / size.width).toBeCloseTo(4, 0);
});
