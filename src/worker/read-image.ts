import type { Picture } from '../pipeline/picture.ts';
import type { Fit } from '../protocol/calls.ts';
import { AppError } from '../protocol/errors.ts';

/** More than this is refused before it is decoded. */
const MAX_PIXELS = 64e6;
/** Where a header says its picture's size; JPEG may put a thumbnail before it. */
const HEADER_BYTES = 2 ** 20;

/**
 * The size of a picture as it is shown, from its header alone.
 * @throws AppError unsupported-image for what is none, is drawn from lines (SVG) or is too large
 */
export async function imageSize(file: Blob): Promise<{ width: number; height: number }> {
  const { imageSize: read } = await import('image-size');
  const header = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  let size: ReturnType<typeof read>;
  try {
    size = read(header);
  } catch {
    throw new AppError('unsupported-image', 'This file is no picture that can be read.');
  }
  const { width, height, type, orientation = 1 } = size;
  if (type === 'svg')
    throw new AppError('unsupported-image', 'An SVG is a drawing, not a picture of pixels.');
  if (!(width > 0 && height > 0 && width * height <= MAX_PIXELS)) {
    const details = { width, height, expected: `at most ${MAX_PIXELS} pixels` };
    throw new AppError(
      'unsupported-image',
      `A picture of ${width} × ${height} pixels is too large.`,
      details,
    );
  }
  // EXIF: from 5 on the picture lies on its side.
  return orientation >= 5 ? { width: height, height: width } : { width, height };
}

/**
 * A picture at the size asked for, upright, on white where it is transparent.
 * @throws AppError unsupported-image
 */
export async function readImage(file: Blob, fit: Fit, width: number, height: number): Promise<Picture> {
  await imageSize(file);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new AppError(
      'unsupported-image',
      'This picture is damaged, or of a kind this browser cannot read.',
    );
  }
  try {
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (!context) throw new AppError('out-of-memory', 'No canvas for the picture to begin with.');
    context.imageSmoothingQuality = 'high';
    context.fillStyle = 'white';
    context.fillRect(0, 0, width, height);
    const [x, y] = [width / bitmap.width, height / bitmap.height];
    const [scaleX, scaleY] = fit === 'stretch' ? [x, y] : [Math.max(x, y), Math.max(x, y)];
    const [drawnWidth, drawnHeight] = [bitmap.width * scaleX, bitmap.height * scaleY];
    context.drawImage(bitmap, (width - drawnWidth) / 2, (height - drawnHeight) / 2, drawnWidth, drawnHeight);
    return { width, height, rgba: context.getImageData(0, 0, width, height).data };
  } finally {
    bitmap.close();
  }
}
