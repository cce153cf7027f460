import { expect, test } from 'vitest';
import { bitmapFile } from './bitmap-file.ts';

/** Written by Pillow 13.0.0: `Image.frombytes('RGB', (3, 2), bytes(range(1, 19))).save(f, 'BMP')`, in base64. */
const PILLOW =
  'Qk1OAAAAAAAAADYAAAAoAAAAAwAAAAIAAAABABgAAAAAABgAAADEDgAAxA4AAAAAAAAAAAAADAsKDw4NEhEQAAAAAwIBBgUECQgHAAAA';

test('a picture of odd width has the bytes that Pillow writes, but for its resolution', async () => {
  const data = Uint8ClampedArray.from(
    Array.from({ length: 6 }, (_, i) => [3 * i + 1, 3 * i + 2, 3 * i + 3, 255]).flat(),
  );
  const bytes = new Uint8Array(await bitmapFile({ data, width: 3, height: 2 }).arrayBuffer());
  const expected = Uint8Array.from(atob(PILLOW), (letter) => letter.charCodeAt(0));
  // biSizeImage may be 0 where nothing is compressed, and how many pixels a metre has is for printers.
  expected.fill(0, 34, 46);
  expect([...bytes]).toEqual([...expected]);
});
