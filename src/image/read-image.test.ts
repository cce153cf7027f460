import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageSize } from './read-image.ts';

const bytes = (...values: (number | string)[]) =>
  new Blob([
    Uint8Array.from(
      values.flatMap((v) => (typeof v === 'number' ? [v] : [...v].map((c) => c.charCodeAt(0)))),
    ),
  ]);
const be32 = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

/** The first bytes of a PNG. */
const png = (width: number, height: number) =>
  bytes(0x89, 'PNG\r\n', 0x1a, '\n', ...be32(13), 'IHDR', ...be32(width), ...be32(height), 8, 6, 0, 0, 0);

/** The first bytes of a JPEG of 640 × 480 whose EXIF has this orientation. */
const jpeg = (orientation: number) =>
  bytes(
    ...[0xff, 0xd8, 0xff, 0xe1, 0, 34, 'Exif', 0, 0, 'MM', 0, 42, 0, 0, 0, 8, 0, 1],
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
    ...[0xff, 0xc0, 0, 17, 8, 1, 0xe0, 2, 0x80, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1],
  );

test('the size is read from the header, as the picture is shown', async () => {
  expect(await imageSize(png(640, 480))).toEqual({ width: 640, height: 480 });
  expect(await imageSize(jpeg(1))).toEqual({ width: 640, height: 480 });
  expect(await imageSize(jpeg(6))).toEqual({ width: 480, height: 640 });
});

test.each([
  ['too large an image', png(8001, 8000), /8001 × 8000 pixels is too large/],
  ['no pixels', png(0, 10), /0 × 10/],
  ['an SVG', new Blob(['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>']), /SVG/],
  ['text', new Blob(['hello']), /not a picture/],
  ['an empty file', new Blob([]), /not a picture/],
])('%s is refused', async (_, file, message) => {
  await expect(imageSize(file)).rejects.toMatchObject({
    code: 'unsupported-image',
    message: expect.stringMatching(message),
  });
});

test('any bytes give a size or an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (values) => {
      await imageSize(new Blob([Uint8Array.from(values)])).catch((error) =>
        expect(error).toMatchObject({ code: 'unsupported-image' }),
      );
    }),
  );
});
