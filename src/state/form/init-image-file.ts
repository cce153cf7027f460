import type { InitImageFile } from '../../protocol/init-image.ts';
import { fullSize, hasBorder, place, type Size } from '../../protocol/placement.ts';
import type { StoredInitImage } from '../../storage/stored-files.ts';
import type { Fields } from './fields.ts';
import { maskToPng } from './mask.ts';

/** A mask is drawn no finer than this, pixels of its longer side; the rest is scaled. */
const FINEST_MASK = 4096;

/** A picture to begin with, of so many pixels, as a request of this size has it, its mask drawn. */
export async function initImageFile(
  { file, width, height, offset, border, mask }: StoredInitImage & Size,
  fields: Pick<Fields, 'fit' | 'strength' | 'maskBlur' | 'maskedContent' | 'inpaintArea'>,
  size: Size,
): Promise<InitImageFile> {
  const { fit, strength, maskBlur, maskedContent, inpaintArea } = fields;
  const placing = { fit, offset, border };
  const isWhole = inpaintArea === 'whole' || hasBorder(place({ width, height }, size, placing), size);
  const canvas = isWhole ? size : finest(fullSize({ width, height }, size, fit));
  const { whole } = place({ width, height }, canvas, placing);
  return {
    file,
    ...placing,
    strength: Number(strength),
    mask: mask && (await maskToPng(mask, { canvas, whole, ratio: width / height })),
    maskBlur: Number(maskBlur),
    maskedContent,
    paddingMaskCrop: isWhole ? null : Number(inpaintArea),
  };
}

function finest({ width, height }: Size): Size {
  const scale = Math.min(1, FINEST_MASK / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}
