import { AppError, type Fault } from '../protocol/errors.ts';
import type { Rect, Size } from '../protocol/placement.ts';
import type { Picture } from './picture.ts';

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
    throw new AppError('unsupported-image', 'This file is no picture that can be read.', {
      kind: 'no-picture',
    } satisfies Fault);
  }
  const { width, height, type, orientation = 1 } = size;
  if (type === 'svg')
    throw new AppError('unsupported-image', 'An SVG is a drawing, not a picture of pixels.', {
      kind: 'svg',
    } satisfies Fault);
  if (!(width > 0 && height > 0 && width * height <= MAX_PIXELS)) {
    const details = { kind: 'too-many-pixels', width, height } satisfies Fault;
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
 * A picture's pixels, upright.
 * @throws AppError unsupported-image
 */
export async function decodeImage(file: Blob): Promise<ImageBitmap> {
  await imageSize(file);
  try {
    return await createImageBitmap(file);
  } catch {
    throw new AppError(
      'unsupported-image',
      'This picture is damaged, or of a kind this browser cannot read.',
      { kind: 'damaged-picture' } satisfies Fault,
    );
  }
}

/**
 * A picture at a size of its own, in its whole.
 * @throws AppError unsupported-image
 */
export async function readImage(file: Blob, size: Size): Promise<Picture> {
  const bitmap = await decodeImage(file);
  try {
    return drawImage(bitmap, { x: 0, y: 0, width: size.width, height: size.height }, size);
  } finally {
    bitmap.close();
  }
}

/** A bitmap laid into a rectangle of a canvas that is white elsewhere, and where the bitmap is transparent. */
export function drawImage(bitmap: ImageBitmap, { x, y, width, height }: Rect, canvas: Size): Picture {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
    willReadFrequently: true,
  });
  if (!context) throw new AppError('out-of-memory', 'No canvas for the picture to begin with.');
  context.imageSmoothingQuality = 'high';
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, x, y, width, height);
  return {
    width: canvas.width,
    height: canvas.height,
    rgba: context.getImageData(0, 0, canvas.width, canvas.height).data,
  };
}

/** The same pixels as a bitmap, which whoever gets it closes. */
export function toImageBitmap({ rgba, width, height }: Picture): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(rgba, width, height));
}
