import { AppError, type Fault } from '../protocol/errors.ts';
import { fileKind } from '../protocol/file-kind.ts';
import type { Rect, Size } from '../protocol/placement.ts';
import type { Picture } from './picture.ts';

/** Larger pictures are refused before they are decoded. */
const MAX_PIXELS = 64e6;
/** The beginning of a file, which holds the picture's size; a JPEG may have a thumbnail before it. */
const HEADER_BYTES = 2 ** 20;

/**
 * Reads a file's header, so that nothing huge is decoded. It doesn't tell which way the picture is turned: each format has its
 * own place for that, and a browser heeds some of them.
 * @throws AppError unsupported-image for other files, for SVG, and for pictures that are too large
 */
async function checkHeader(file: Blob): Promise<void> {
  const { imageSize: read } = await import('image-size');
  const header = new Uint8Array(await file.slice(0, HEADER_BYTES).arrayBuffer());
  let size: ReturnType<typeof read>;
  try {
    size = read(header);
  } catch {
    throw await noPicture(file);
  }
  const { width, height, type } = size;
  if (type === 'svg')
    throw new AppError('unsupported-image', 'An SVG has no pixels. Use a PNG, JPEG or WebP.', {
      kind: 'svg',
    } satisfies Fault);
  if (width > 0 && height > 0 && width * height <= MAX_PIXELS) return;
  const details = { kind: 'too-many-pixels', width, height } satisfies Fault;
  throw new AppError('unsupported-image', `A picture of ${width} × ${height} pixels is too large.`, details);
}

/** What a file is whose header is no picture's. */
async function noPicture(file: Blob): Promise<AppError> {
  const found = await fileKind(file);
  const details = (
    found === null
      ? { kind: 'no-picture' }
      : found === 'picture'
        ? { kind: 'damaged-picture' }
        : { kind: 'not-a-picture', found }
  ) satisfies Fault;
  return new AppError('unsupported-image', `This file is not a picture that can be read: ${found}.`, details);
}

/** How a file ends that is not cut off: a PNG's IEND, a JPEG's end of image, a GIF's trailer; in hexadecimal digits. */
const ENDS: readonly (readonly [beginning: RegExp, end: RegExp])[] = [
  [/^89504e47/, /49454e44ae426082/],
  [/^ffd8/, /ffd9/],
  [/^47494638/, /3b(?:00)*$/],
];
/** Some programs write a little behind the end. */
const TAIL_BYTES = 2 ** 16;

async function isCutOff(file: Blob): Promise<boolean> {
  const digits = async (part: Blob) =>
    Array.from(new Uint8Array(await part.arrayBuffer()), (byte) => byte.toString(16).padStart(2, '0')).join(
      '',
    );
  const head = await digits(file.slice(0, 4));
  const end = ENDS.find(([beginning]) => beginning.test(head))?.[1];
  return end !== undefined && !end.test(await digits(file.slice(-TAIL_BYTES)));
}

/**
 * Decodes a picture, turned the way the browser shows it. Whoever gets the bitmap closes it.
 * @throws AppError unsupported-image
 */
export async function decodeImage(file: Blob): Promise<ImageBitmap> {
  await checkHeader(file);
  try {
    return await createImageBitmap(file);
  } catch {
    throw new AppError(
      'unsupported-image',
      'This picture is damaged, or of a kind this browser cannot read.',
      { kind: (await isCutOff(file)) ? 'cut-off-picture' : 'damaged-picture' } satisfies Fault,
    );
  }
}

/**
 * The size of a picture as it is shown, in pixels: that of its decoded bitmap, so the two agree in every format.
 * @throws AppError unsupported-image
 */
export async function imageSize(file: Blob): Promise<Size> {
  const bitmap = await decodeImage(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

/**
 * Reads a picture at its own size.
 * @throws AppError unsupported-image
 */
export async function readImage(file: Blob): Promise<Picture> {
  const bitmap = await decodeImage(file);
  const size = { width: bitmap.width, height: bitmap.height };
  try {
    return drawImage(bitmap, { x: 0, y: 0, ...size }, size);
  } finally {
    bitmap.close();
  }
}

/**
 * Draws a bitmap into a rectangle of a white canvas.
 * @throws AppError out-of-memory
 */
export function drawImage(bitmap: ImageBitmap, { x, y, width, height }: Rect, canvas: Size): Picture {
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', {
    willReadFrequently: true,
  });
  if (!context) throw new AppError('out-of-memory', 'There is not enough memory to read the picture.');
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

/** The same pixels as a bitmap. Whoever gets it closes it. */
export function toImageBitmap({ rgba, width, height }: Picture): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(rgba, width, height));
}
