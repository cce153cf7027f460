import { afterEach, expect, test, vi } from 'vitest';
import type { FoundIpAdapter } from '../loaders/ip-adapter/find-ip-adapters.ts';
import type { PicturePrompt } from '../protocol/control.ts';
import { readPicturePrompts } from './picture-prompts.ts';

afterEach(() => vi.unstubAllGlobals());

const found = (side: number) =>
  ({ file: { name: `for ${side}` }, encoder: { config: { image_size: side } } }) as unknown as FoundIpAdapter;
const prompt = (pictures: readonly Blob[], changes: Partial<PicturePrompt> = {}): PicturePrompt => ({
  ...{ adapter: 'plus', pictures, scale: 0.7, parts: 'style', ...changes },
});

/** The first bytes of a PNG, which tell its size, and some that tell it from others. */
function png(width: number, height: number, end: number): Blob {
  const bytes = new DataView(new ArrayBuffer(34));
  for (const [i, byte] of [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13].entries())
    bytes.setUint8(i, byte);
  for (const [i, letter] of [...'IHDR'].entries()) bytes.setUint8(12 + i, letter.charCodeAt(0));
  bytes.setUint32(16, width);
  bytes.setUint32(20, height);
  bytes.setUint8(33, end);
  return new Blob([bytes.buffer]);
}

test('of each picture only what its encoder sees is kept, and the same file has the same hash', async () => {
  vi.stubGlobal('createImageBitmap', async () => ({ width: 30, height: 20, close: () => {} }));
  const nothing = () => {};
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      readonly width: number;
      readonly height: number;
      constructor(width: number, height: number) {
        this.width = width;
        this.height = height;
      }
      getContext = () => ({
        ...{ fillRect: nothing, drawImage: nothing },
        getImageData: () => ({ data: new Uint8ClampedArray(this.width * this.height * 4).fill(7) }),
      });
    },
  );
  const [one, other] = [png(30, 20, 1), png(30, 20, 2)];
  const read = await readPicturePrompts(
    [prompt([one, other]), prompt([one], { parts: 'all' })],
    [found(8), found(4)],
  );
  expect(read).toMatchObject([
    { file: { name: 'for 8' }, scale: 0.7, parts: 'style' },
    { file: { name: 'for 4' }, scale: 0.7, parts: 'all' },
  ]);
  const sizes = read.map(({ pictures }) => pictures.map(({ picture }) => [picture.width, picture.height]));
  expect(sizes).toEqual([
    [
      [8, 8],
      [8, 8],
    ],
    [[4, 4]],
  ]);
  const [[first, second], [again]] = read.map(({ pictures }) => pictures.map(({ hash }) => hash)) as [
    [string, string],
    [string],
  ];
  expect(again).toBe(first);
  expect(second).not.toBe(first);
});

test('a file that is no picture is refused', async () => {
  await expect(readPicturePrompts([prompt([new Blob(['text'])])], [found(8)])).rejects.toMatchObject({
    code: 'unsupported-image',
  });
});
