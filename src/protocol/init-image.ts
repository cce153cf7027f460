import { type Border, MIDDLE, NO_BORDER } from './placement.ts';

/** How a picture of another shape is brought to the size asked for: a part of it, all of it distorted, or all of it with borders. */
export type Fit = 'crop' | 'stretch' | 'fill';

/** What lies under the mask when painting begins: the picture, the colours around, or noise. */
export type MaskedContent = 'original' | 'fill' | 'noise';

/** A picture that a run begins with. */
export interface InitImageFile {
  readonly file: Blob;
  readonly fit: Fit;
  /** 0 … 1 each: what part of it is taken, or where it lies between its borders; 0.5 is the middle. */
  readonly offset: { readonly x: number; readonly y: number };
  /** Pixels of the size asked for that are added around the picture and painted. */
  readonly border: Border;
  /** 0 … 1: how much of the run is left, and so how much of the picture is painted over. */
  readonly strength: number;
  /** Of the shape asked for: white is painted anew, black is kept, grey between. Null to paint all of it, or the border alone. */
  readonly mask: Blob | null;
  /** Standard deviation in pixels of the blur on the mask. */
  readonly maskBlur: number;
  readonly maskedContent: MaskedContent;
  /**
   * As diffusers' padding_mask_crop: with a number only the marked part is painted, at the size asked for, with so many of
   * the file's pixels around it, and put back into the picture at its own size. Null for the whole picture.
   */
  readonly paddingMaskCrop: number | null;
}

/** What a picture to begin with is accompanied by where diffusers would be told nothing more. */
export const UNTOLD_IMAGE = {
  fit: 'crop',
  offset: MIDDLE,
  border: NO_BORDER,
  mask: null,
  maskBlur: 0,
  maskedContent: 'original',
  paddingMaskCrop: null,
} as const satisfies Partial<InitImageFile>;
