import { vi } from 'vitest';

/** The head of a PNG of 64 × 64. */
const PNG = new Blob([
  Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJ'), (letter) => letter.charCodeAt(0)),
]);

/** What Node lacks of a worker's pictures: whatever is drawn becomes the same PNG. To be taken back by `vi.unstubAllGlobals`. */
export function stubCanvas(): void {
  vi.stubGlobal('ImageData', class {});
  vi.stubGlobal('createImageBitmap', async () => ({}));
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({ putImageData: () => {} });
      convertToBlob = async () => PNG;
    },
  );
}
