import { expect, test } from './fixtures.ts';

test.use({ model: 'trinket' });

test('a first visit: type, press Generate, watch twenty steps, get a red apple', async ({ app }) => {
  await app.visit();
  await app.field('Prompt').fill('a red apple');
  const [picture] = await app.make();
  expect(picture).toMatchObject({ width: 128, height: 128, alt: 'a red apple' });
  const hashes = (await app.draws()).map((draw) => draw.hash);
  expect(new Set(hashes).size, 'a preview for each step').toBeGreaterThanOrEqual(20);
  expect(picture?.deviation, 'not blank').toBeGreaterThan(20);
});

test('the middle of a red apple is red, of a blue book blue', async ({ app }) => {
  await app.visit('prompt=a+red+apple&seed=1');
  await app.make();
  const apple = await middle();
  expect(apple.red).toBeGreaterThan(apple.blue + 40);
  await app.visit('prompt=a+blue+book&seed=1');
  await app.make();
  const book = await middle();
  expect(book.blue).toBeGreaterThan(book.red + 40);

  /** The mean colour of the picture's middle half. */
  function middle() {
    return app.pictures.first().evaluate((image: HTMLImageElement) => {
      const canvas = new OffscreenCanvas(1, 1);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const { naturalWidth: w, naturalHeight: h } = image;
      context.imageSmoothingQuality = 'high';
      context.drawImage(image, w / 4, h / 4, w / 2, h / 2, 0, 0, 1, 1);
      const [red = 0, , blue = 0] = context.getImageData(0, 0, 1, 1).data;
      return { red, blue };
    });
  }
});
