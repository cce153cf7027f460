import type { InitImageFile } from '../protocol/init-image.ts';
import { fullSize, hasBorder, type Placement, place, type Rect, type Size } from '../protocol/placement.ts';
import { cropRegion } from './crop-region.ts';
import { fillMasked } from './fill-masked.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { binarize, pasteBack } from './masks.ts';
import { markBorder, replicateEdges } from './outpaint.ts';
import { type GreyPicture, type Picture, toGrey } from './picture.ts';
import { decodeImage, drawImage } from './read-image.ts';
import { crop, cropMask, overlay, scaleTo } from './regions.ts';

/** The picture a run starts from (image to image), and the part of it that is repainted (inpainting). */
export interface InitImage {
  /** Of the request's size. */
  readonly pixels: Picture;
  /** 0 … 1: the part of the run that is done. */
  readonly strength: number;
  /** Of the same size. Without a mask the whole picture is repainted. */
  readonly mask?: GreyPicture;
  /** The masked part starts as noise alone, without what the picture has there. */
  readonly isNoiseMasked?: boolean;
}

/** A file that is ready for a run, and what is to be done with the run's result. */
export interface PreparedInitImage {
  readonly initImage: InitImage;
  /** The result with everything that was not to change as it was in the file. */
  readonly restoreUnmasked: (painted: Picture) => Promise<Picture>;
}

/**
 * Reads a request's picture and mask, and brings both to the size of the run.
 * @param size the request's
 * @param painted the size of a second pass, when the picture is for that: lengths in pixels of the canvas grow with it. Where
 * only the masked part is painted, it stays the same part of the file
 * @throws AppError unsupported-image for a file that cannot be decoded; out-of-memory
 */
export async function prepareInitImage(
  request: InitImageFile,
  size: Size,
  painted: Size = size,
): Promise<PreparedInitImage> {
  const file = await decodeImage(request.file);
  const maskFile = request.mask && (await decodeImage(request.mask));
  try {
    const isExtended = hasBorder(place(file, size, request), size);
    const isOnlyMasked = request.paddingMaskCrop !== null && maskFile !== null && !isExtended;
    const image = isOnlyMasked ? request : scaledRequest(request, size, painted);
    const canvas = isOnlyMasked ? fullSize(file, size, image.fit) : painted;
    const placement = place(file, canvas, image);
    const placed = drawImage(file, placement.whole, canvas);
    const pixels = hasBorder(placement, canvas) ? replicateEdges(placed, placement.window) : placed;
    const drawn = maskFile && toGrey(drawImage(maskFile, { x: 0, y: 0, ...canvas }, canvas));
    const mask = wholeMask(drawn, placement, canvas, image.maskBlur);
    if (isOnlyMasked && mask) {
      const region = cropRegion(mask, size, image.paddingMaskCrop ?? 0) ?? { x: 0, y: 0, ...canvas };
      return await prepareRegion(image, pixels, mask, region, painted);
    }
    return {
      initImage: toInitImage(image, pixels, mask),
      restoreUnmasked: async (result) => (mask ? pasteBack(result, pixels, mask) : result),
    };
  } finally {
    file.close();
    maskFile?.close();
  }
}

/** The same request for a canvas of another size. */
function scaledRequest(image: InitImageFile, from: Size, to: Size): InitImageFile {
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

/** The mask that was drawn, with the borders to be added, blurred; null when the whole picture is painted. */
function wholeMask(
  drawn: GreyPicture | null,
  placement: Placement,
  canvas: Size,
  blur: number,
): GreyPicture | null {
  const isExtended = hasBorder(placement, canvas);
  if (!drawn && !isExtended) return null;
  const black = { ...canvas, data: new Uint8ClampedArray(canvas.width * canvas.height) };
  const mask = isExtended ? markBorder(drawn ?? black, placement.window) : (drawn ?? black);
  return gaussianBlur(mask, blur);
}

function toInitImage(
  { strength, maskedContent }: InitImageFile,
  pixels: Picture,
  mask: GreyPicture | null,
): InitImage {
  if (!mask) return { pixels, strength };
  const filled = maskedContent === 'fill' ? fillMasked(pixels, binarize(mask)) : pixels;
  return { pixels: filled, strength, mask, isNoiseMasked: maskedContent === 'noise' };
}

/** A part of the picture that is painted at the run's size, and then put back at its own. */
async function prepareRegion(
  image: InitImageFile,
  pixels: Picture,
  mask: GreyPicture,
  region: Rect,
  size: Size,
): Promise<PreparedInitImage> {
  const part = await scaleTo(crop(pixels, region), size);
  const partMask = toGrey(await scaleTo(cropMask(mask, region), size));
  return {
    initImage: toInitImage(image, part, partMask),
    restoreUnmasked: async (painted) => {
      const layer = overlay(pixels, await scaleTo(painted, region), region);
      return pasteBack(layer, pixels, mask);
    },
  };
}
