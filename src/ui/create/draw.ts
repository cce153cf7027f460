/**
 * Draws a bitmap over the whole canvas, smoothly scaled, and closes it. A bitmap drawn before is left out: closed, it
 * has no width.
 */
export function drawAndClose(canvas: HTMLCanvasElement, bitmap: ImageBitmap): void {
  if (bitmap.width === 0) return;
  // Keeps the canvas in the CPU's memory: an accelerated one makes the page wait for a GPU that is busy painting.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
}
