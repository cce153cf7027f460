import * as v from 'valibot';
import type { GreyPicture, Picture } from '../../image/picture.ts';
import { resizeImage } from '../../image/resize.ts';
import { resizeAxis, TRIANGLE } from '../../numerics/resample.ts';
import type { Size } from '../../protocol/placement.ts';
import { normalized, threeNumbers } from './normalize.ts';

// transformers' SamProcessor (models/sam/image_processing_sam.py, processing_sam.py): a picture and the points on it as a SAM is fed
// them, and its masks at the picture's size.

const side = v.pipe(v.number(), v.integer(), v.minValue(16), v.maxValue(4096));

/** What matters here of a preprocessor_config.json of SamImageProcessor; what it leaves out is as in that class. */
export const SamPreprocessor = v.object({
  size: v.optional(v.object({ longest_edge: side }), { longest_edge: 1024 }),
  pad_size: v.optional(v.object({ height: side, width: side }), { height: 1024, width: 1024 }),
  image_mean: v.optional(threeNumbers, [0.485, 0.456, 0.406]),
  image_std: v.optional(threeNumbers, [0.229, 0.224, 0.225]),
});
export type SamPreprocessor = v.InferOutput<typeof SamPreprocessor>;

/** The size at which a picture of this size is seen: its longer side is the model's. */
export function seenSize({ width, height }: Size, { size }: SamPreprocessor): Size {
  const scale = size.longest_edge / Math.max(width, height);
  const scaled = (length: number) => Math.max(1, Math.trunc(length * scale + 0.5));
  return { width: scaled(width), height: scaled(height) };
}

/** A picture as `pixel_values` float32 [1, 3, height, width], in its upper left corner, zeros beside it. */
export function pixelValues(image: Picture, config: SamPreprocessor) {
  const { pad_size: padded, image_mean, image_std } = config;
  const seen = resizeImage(image, seenSize(image, config), TRIANGLE);
  const data = normalized(seen, padded, { mean: image_mean, std: image_std, scale: 255 });
  return { dtype: 'float32', shape: [1, 3, padded.height, padded.width], data } as const;
}

/**
 * A mask of logits as the model gives it → 255 where a pixel of the picture is part of the thing, 0 elsewhere.
 * @param logits float32 [height, width], over the padded picture
 */
export function postProcessMask(
  logits: { readonly data: Float32Array } & Size,
  picture: Size,
  config: SamPreprocessor,
): GreyPicture {
  const { height, width } = config.pad_size;
  const wide = new Float32Array(logits.height * width);
  resizeAxis(logits.data, { outer: logits.height, length: logits.width, inner: 1 }, wide, TRIANGLE);
  const padded = new Float32Array(height * width);
  resizeAxis(wide, { outer: 1, length: logits.height, inner: width }, padded, TRIANGLE);
  const seen = seenSize(picture, config);
  const across = neighbours(seen.width, picture.width);
  const data = new Uint8ClampedArray(picture.width * picture.height);
  for (const [y, [top, bottom, down]] of neighbours(seen.height, picture.height).entries()) {
    for (const [x, [left, right, along]] of across.entries()) {
      const at = (row: number) => {
        const [a, b] = [padded[row * width + left] as number, padded[row * width + right] as number];
        return a + (b - a) * along;
      };
      const [above, below] = [at(top), at(bottom)];
      data[y * picture.width + x] = above + (below - above) * down > 0 ? 255 : 0;
    }
  }
  return { width: picture.width, height: picture.height, data };
}

/** For each of `to` samples the two of `from` between which it lies, and how far: torch's bilinear, which skips samples where it makes fewer. */
function neighbours(from: number, to: number): (readonly [before: number, after: number, part: number])[] {
  return Array.from({ length: to }, (_, i) => {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const before = Math.min(from - 1, Math.floor(place));
    return [before, Math.min(from - 1, before + 1), place - before] as const;
  });
}
