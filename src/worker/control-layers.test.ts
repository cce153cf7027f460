import { afterEach, expect, test, vi } from 'vitest';
import type { ControlFile } from '../loaders/control/control-file.ts';
import type { ControlLayer } from '../protocol/control.ts';
import { readControlLayers } from './control-layers.ts';

afterEach(() => vi.unstubAllGlobals());

const file = (name: string): ControlFile => ({
  ...{ kind: 'ControlNet', name, hash: name, config: undefined, tensors: new Map() },
});
const layer = (map: Blob, changes: Partial<ControlLayer> = {}): ControlLayer => ({
  ...{ model: 'someone/edges', map, preprocessor: 'none', controlMode: null, scale: 1 },
  ...{ start: 0, end: 1, isGuess: false, ...changes },
});
/** The first bytes of a PNG, which tell its size. */
function png(width: number, height: number): Blob {
  const bytes = new DataView(new ArrayBuffer(33));
  for (const [i, byte] of [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13].entries())
    bytes.setUint8(i, byte);
  for (const [i, letter] of [...'IHDR'].entries()) bytes.setUint8(12 + i, letter.charCodeAt(0));
  bytes.setUint32(16, width);
  bytes.setUint32(20, height);
  return new Blob([bytes.buffer]);
}

test('a map is read at its own size, and a layer’s numbers come with it', async () => {
  vi.stubGlobal('createImageBitmap', async () => ({ width: 3, height: 2, close: () => {} }));
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
  const files = [file('edges'), file('depth')];
  const part = { scale: 0.7, start: 0.1, end: 0.8, isGuess: true };
  const read = await readControlLayers([layer(png(3, 2)), layer(png(3, 2), part)], files);
  const map = { width: 3, height: 2, rgba: new Uint8ClampedArray(24).fill(7) };
  expect(read).toEqual([
    { file: files[0], map, scale: 1, start: 0, end: 1, isGuess: false, mode: null },
    { file: files[1], map, ...part, mode: null },
  ]);
});

test('a map that is no picture is refused, by the name of its layer’s model', async () => {
  const reading = readControlLayers([layer(new Blob(['no picture']))], [file('edges')]);
  await expect(reading).rejects.toMatchObject({
    code: 'unsupported-image',
    details: { kind: 'no-map', control: 'edges' },
    cause: { code: 'unsupported-image' },
  });
});

/** A Union of six kinds, of which the maps' kinds are asked. */
const union = (): ControlFile => {
  const tasks = { dtype: 'F16', shape: [6, 320], offset: 0, length: 0, path: '', blob: new Blob() };
  return { ...file('union'), kind: 'ControlNet Union', tensors: new Map([['task_embedding', tasks]]) };
};

test.each([null, 6])('a Union whose layer says %s for its map’s kind is refused', async (controlMode) => {
  await expect(readControlLayers([layer(png(3, 2), { controlMode })], [union()])).rejects.toMatchObject({
    code: 'unsupported-control',
    details: { kind: 'no-control-mode', control: 'union', most: 6 },
  });
});
