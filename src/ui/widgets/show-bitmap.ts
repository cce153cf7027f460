/**
 * Hands a bitmap to a canvas, which shows it at its CSS size, smoothly scaled, and frees it with the next one. A bitmap
 * handed over before has no width any more and is left out.
 *
 * Not drawImage: that makes the page lay itself out and wait for the GPU process inside the task of every step.
 */
export function showBitmap(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  const { width, height } = bitmap;
  if (width === 0) return;
  // Who reads the canvas later reads the bitmap's own pixels.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(bitmap);
}
