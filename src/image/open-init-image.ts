import type { InitImageFile } from '../protocol/init-image.ts';
import { fullSize, hasBorder, type Placement, place, type Rect, type Size } from '../protocol/placement.ts';
import { cropRegion } from './crop-region.ts';
import { fillMasked } from './fill-masked.ts';
import { gaussianBlur, type Plane } from './gaussian-blur.ts';
import { binarize, type InitImage, pasteBack, toGrey } from './init-image.ts';
import { markBorder, replicateEdges } from './outpaint.ts';
import type { Picture } from './picture.ts';
import { decodeImage, drawImage, toImageBitmap } from './read-image.ts';

/** The picture a run begins with, and what becomes of what the run has made of it. */
export interface OpenedInitImage {
  readonly init: InitImage;
  /** With all that was not to change as it was in the file. */
  readonly finish: (painted: Picture) => Promise<Picture>;
}

/**
 * Reads a request's picture and mask for a run of this size. `painted` is the size of a second pass: what is counted in
 * pixels of the canvas grows with it; where only what is marked is painted, it is the same part of the file.
 * @throws AppError unsupported-image for what cannot be decoded; out-of-memory
 */
export async function openInitImage(
  request: InitImageFile,
  size: Size,
  painted: Size = size,
): Promise<OpenedInitImage> {
  const file = await decodeImage(request.file);
  const mask = request.mask && (await decodeImage(request.mask));
  try {
    const isExtended = hasBorder(place(file, size, request), size);
    const isOnlyMasked = request.paddingMaskCrop !== null && mask !== null && !isExtended;
    const image = isOnlyMasked ? request : enlarged(request, size, painted);
    const canvas = isOnlyMasked ? fullSize(file, size, image.fit) : painted;
    const placement = place(file, canvas, image);
    const picture = onCanvas(drawImage(file, placement.whole, canvas), placement, canvas);
    const marked = mask && toGrey(drawImage(mask, { x: 0, y: 0, ...canvas }, canvas));
    const whole = blurredMask(marked, placement, canvas, image.maskBlur);
    if (isOnlyMasked && whole) {
      const region = cropRegion(whole, size, image.paddingMaskCrop ?? 0) ?? { x: 0, y: 0, ...canvas };
      return await openRegion(image, picture, whole, region, painted);
    }
    return {
      init: initImage(image, picture, whole),
      finish: async (made) => (whole ? pasteBack(made, picture, whole) : made),
    };
  } finally {
    file.close();
    mask?.close();
  }
}

/** The same for a canvas of another size. */
function enlarged(image: InitImageFile, from: Size, to: Size): InitImageFile {
  const [x, y] = [to.width / from.width, to.height / from.height];
  const { left, top, right, bottom } = image.border;
  const border = {
    left: Math.round(left * x),
    top: Math.round(top * y),
    right: Math.round(right * x),
    bottom: Math.round(bottom * y),
  };
  return { ...image, border, maskBlur: image.maskBlur * x };
}

const onCanvas = (picture: Picture, placement: Placement, canvas: Size): Picture =>
  hasBorder(placement, canvas) ? replicateEdges(picture, placement.window) : picture;

/** What is marked and what is added, or null where all is painted. */
function blurredMask(marked: Plane | null, placement: Placement, canvas: Size, blur: number): Plane | null {
  const isAdded = hasBorder(placement, canvas);
  if (!marked && !isAdded) return null;
  const black = { ...canvas, data: new Uint8ClampedArray(canvas.width * canvas.height) };
  const mask = isAdded ? markBorder(marked ?? black, placement.window) : (marked ?? black);
  return gaussianBlur(mask, blur);
}

function initImage(
  { strength, maskedContent }: InitImageFile,
  picture: Picture,
  mask: Plane | null,
): InitImage {
  if (!mask) return { picture, strength };
  const content = maskedContent === 'fill' ? fillMasked(picture, binarize(mask)) : picture;
  return { picture: content, strength, mask, isNoiseMasked: maskedContent === 'noise' };
}

/** A part of the picture, painted at the size asked for and put back at its own. */
async function openRegion(
  image: InitImageFile,
  picture: Picture,
  mask: Plane,
  region: Rect,
  size: Size,
): Promise<OpenedInitImage> {
  const cut = await scaled(crop(picture, region), size);
  const cutMask = toGrey(await scaled(fromGrey(mask, region), size));
  return {
    init: initImage(image, cut, cutMask),
    finish: async (painted) => {
      const layer = overlay(picture, await scaled(painted, region), region);
      return pasteBack(layer, picture, mask);
    },
  };
}

async function scaled(picture: Picture, size: Size): Promise<Picture> {
  if (picture.width === size.width && picture.height === size.height) return picture;
  const bitmap = await toImageBitmap(picture);
  try {
    return drawImage(bitmap, { x: 0, y: 0, width: size.width, height: size.height }, size);
  } finally {
    bitmap.close();
  }
}

function crop({ width, rgba }: Picture, { x, y, width: columns, height: rows }: Rect): Picture {
  const result = new Uint8ClampedArray(columns * rows * 4);
  for (let row = 0; row < rows; row++) {
    const start = ((y + row) * width + x) * 4;
    result.set(rgba.subarray(start, start + columns * 4), row * columns * 4);
  }
  return { width: columns, height: rows, rgba: result };
}

function overlay(below: Picture, { width, height, rgba }: Picture, { x, y }: Rect): Picture {
  const result = below.rgba.slice();
  for (let row = 0; row < height; row++) {
    const from = row * width * 4;
    result.set(rgba.subarray(from, from + width * 4), ((y + row) * below.width + x) * 4);
  }
  return { ...below, rgba: result };
}

/** A part of the mask as a picture. */
function fromGrey({ width, data }: Plane, { x, y, width: columns, height: rows }: Rect): Picture {
  const rgba = new Uint8ClampedArray(columns * rows * 4).fill(255);
  for (let i = 0; i < columns * rows; i++) {
    const value = data[(y + Math.floor(i / columns)) * width + x + (i % columns)] as number;
    rgba.fill(value, i * 4, i * 4 + 3);
  }
  return { width: columns, height: rows, rgba };
}
