import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeImage, imageSize } from './read-image.ts';

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

/** Stands for the browser: every file is a picture of 480 × 640, whatever its header says. */
const decode = vi.fn(
  async () => ({ width: 480, height: 640, close: () => closed() }) as unknown as ImageBitmap,
);
const closed = vi.fn();
beforeEach(() => {
  vi.stubGlobal('createImageBitmap', decode);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test('the size is the decoded bitmap’s, which may lie on its side, and the bitmap is closed', async () => {
  expect(await imageSize(png(640, 480))).toEqual({ width: 480, height: 640 });
  expect(closed).toHaveBeenCalledTimes(1);
});

const IEND = bytes(0, 0, 0, 0, 'IEND', 0xae, 0x42, 0x60, 0x82);

test.each([
  ['ends where a PNG does', 'damaged-picture', new Blob([png(640, 480), IEND])],
  ['ends before a PNG does', 'cut-off-picture', png(640, 480)],
])('a file that has a header, %s and cannot be decoded is a %s', async (_, kind, file) => {
  decode.mockRejectedValueOnce(new DOMException('', 'InvalidStateError'));
  await expect(imageSize(file)).rejects.toMatchObject({ code: 'unsupported-image', details: { kind } });
});

test.each([
  ['web-page', '<!doctype html><html>'],
  ['lfs-pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n'],
  ['empty', ''],
])('a file that is a %s is called that', async (found, text) => {
  await expect(decodeImage(new Blob([text]))).rejects.toMatchObject({
    code: 'unsupported-image',
    details: { kind: 'not-a-picture', found },
  });
});

test.each([
  ['too large an image', png(8001, 8000), /8001 × 8000 pixels is too large/],
  ['no pixels', png(0, 10), /0 × 10/],
  ['an SVG', new Blob(['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>']), /SVG/],
  ['text', new Blob(['hello']), /not a picture/],
  ['an empty file', new Blob([]), /not a picture/],
])('%s is refused before it is decoded', async (_, file, message) => {
  await expect(decodeImage(file)).rejects.toMatchObject({
    code: 'unsupported-image',
    message: expect.stringMatching(message),
  });
  expect(decode).not.toHaveBeenCalled();
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
