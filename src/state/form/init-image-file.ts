import type { InitImageFile } from '../../protocol/init-image.ts';
import { fullSize, hasBorder, place, type Size } from '../../protocol/placement.ts';
import { IMAGE_NAMES, type ImageSettings } from '../../protocol/settings.ts';
import type { StoredInitImage } from '../../storage/stored-files.ts';
import { type Fields, valuesOf } from './fields.ts';
import { maskToPng } from './mask.ts';

/** Pixels of the longer side of a mask, at most; it is scaled up from there. */
const MAX_MASK_SIDE = 4096;

/** The picture to start from as a request of `size` pixels has it, with its mask drawn. Its own width and height are its file's. */
export async function initImageFile(
  { file, width, height, offset, border, mask }: StoredInitImage & Size,
  fields: Pick<Fields, keyof ImageSettings>,
  size: Size,
): Promise<InitImageFile> {
  const settings = valuesOf(IMAGE_NAMES, fields);
  const placing = { fit: settings.fit, offset, border };
  const isWhole =
    settings.paddingMaskCrop === null || hasBorder(place({ width, height }, size, placing), size);
  const canvas = isWhole ? size : maskCanvas(fullSize({ width, height }, size, settings.fit));
  const { whole } = place({ width, height }, canvas, placing);
  return {
    file,
    ...settings,
    ...placing,
    mask: mask && (await maskToPng(mask, { canvas, whole, ratio: width / height })),
    paddingMaskCrop: isWhole ? null : settings.paddingMaskCrop,
  };
}

/** A canvas for a mask, in the shape of `size` and no larger than a mask may be. */
function maskCanvas({ width, height }: Size): Size {
  const scale = Math.min(1, MAX_MASK_SIDE / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
