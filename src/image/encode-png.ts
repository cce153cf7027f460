import { withPngTexts } from '../metadata/containers/png-text.ts';
import { AppError } from '../protocol/errors.ts';
import type { Picture } from './picture.ts';

/**
 * A picture as a PNG file.
 * @param texts written into the file, by their keywords
 * @throws AppError out-of-memory
 */
export async function encodePng(
  { rgba, width, height }: Picture,
  texts: Readonly<Record<string, string>>,
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new AppError('out-of-memory', 'There is not enough memory for the finished picture.');
  context.putImageData(new ImageData(rgba, width, height), 0, 0);
  return withPngTexts(await canvas.convertToBlob({ type: 'image/png' }), texts);
}
