/** The canvas that has the pixels of a bitmap: once it was handed over, the bitmap has none. */
const shownBy = new WeakMap<ImageBitmap, HTMLCanvasElement>();

/**
 * Hands a bitmap to a canvas, which shows it at its CSS size, smoothly scaled, and frees it with the next one. One that was
 * handed to another canvas before, as on a screen that was left, is copied from there.
 *
 * Not drawImage: that makes the page lay itself out and wait for the GPU process inside the task of every step.
 */
export function showBitmap(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  const before = shownBy.get(bitmap);
  if (before === canvas) return;
  const shown = before ? copyOf(before) : bitmap;
  const { width, height } = shown;
  // Closed meanwhile.
  if (width === 0) return;
  // Who reads the canvas later reads the bitmap's own pixels.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(shown);
  shownBy.set(bitmap, canvas);
}

function copyOf(canvas: HTMLCanvasElement): ImageBitmap {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  copy.getContext('2d')?.drawImage(canvas, 0, 0);
  return copy.transferToImageBitmap();
}
