import type { Locator } from '@playwright/test';
import type { App } from './app.ts';

// A start picture, as a person gives it to the page.

/** A PNG of bands of colour side by side, drawn by the page itself. */
export function drawn(app: App, width: number, height: number, ...colours: string[]): Promise<Buffer> {
  return app.page
    .evaluate(
      async ([w, h, bands]) => {
        const canvas = new OffscreenCanvas(w, h);
        const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        for (const [i, colour] of bands.entries()) {
          context.fillStyle = colour;
          context.fillRect((w / bands.length) * i, 0, w / bands.length, h);
        }
        const blob = await canvas.convertToBlob({ type: 'image/png' });
        return [...new Uint8Array(await blob.arrayBuffer())];
      },
      [width, height, colours.length > 0 ? colours : ['red', 'blue']] as const,
    )
    .then((bytes) => Buffer.from(bytes));
}

export const file = (buffer: Buffer, name = 'picture.png', mimeType = 'image/png') => ({
  name,
  mimeType,
  buffer,
});

export const input = (app: App) => app.page.locator('input[type=file][accept="image/*"]');

/** The form's, not one of a waiting job. */
export const chosen = (app: App) =>
  app.page.getByRole('region', { name: 'Settings' }).getByAltText('Start picture');

export const maskCanvas = (app: App) => app.page.getByRole('application', { name: /^Mask/ });

/** Marks a place with the brush, at parts of the canvas' width and height, with a hard edge. */
export async function dab(app: App, x: number, y: number): Promise<void> {
  await app.page.getByRole('button', { name: /^(Inpaint|Change the mask)…$/ }).click();
  const box = await maskCanvas(app).boundingBox();
  if (!box) throw new Error('No mask to draw on.');
  await app.button('Soft edge').click();
  await app.page.mouse.click(box.x + box.width * x, box.y + box.height * y);
  await app.button('Done').click();
}

/** A picture's pixels as they are. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** Of the pixel at x, y: “255 0 0”. */
  readonly at: (x: number, y: number) => string;
}

export async function pixelsOf(image: Locator): Promise<Pixels> {
  const { width, height, rgba } = await image.evaluate(async (element: HTMLImageElement) => {
    const canvas = new OffscreenCanvas(element.naturalWidth, element.naturalHeight);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(element, 0, 0);
    const { width, height } = canvas;
    return { width, height, rgba: await watching.base64(context.getImageData(0, 0, width, height).data) };
  });
  const data = Buffer.from(rgba, 'base64');
  const at = (x: number, y: number) => data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3).join(' ');
  return { width, height, at };
}

/** How many pixels of a rectangle are of a colour. */
export function count(
  { at }: Pixels,
  colour: string,
  [left, top, right, bottom]: readonly [number, number, number, number],
): number {
  let found = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) if (at(x, y) === colour) found++;
  return found;
}

export const RED = '255 0 0';
export const BLUE = '0 0 255';
