import type { MapRequest } from '../protocol/map-request.ts';
import { canny } from './canny.ts';
import type { GreyPicture, Picture } from './picture.ts';

/** The map of a control layer, for the preprocessors that are plain code. */
export function drawMap(picture: Picture, { preprocessor, low, high }: MapRequest): Picture {
  switch (preprocessor) {
    case 'canny':
      return fromGrey(canny(picture, low, high));
    default:
      throw new Error(`${preprocessor} is not made here.`);
  }
}

/** The same grey in all colours. */
export function fromGrey({ width, height, data }: GreyPicture): Picture {
  const rgba = new Uint8ClampedArray(data.length * 4).fill(255);
  for (const [i, grey] of data.entries()) rgba.fill(grey, i * 4, i * 4 + 3);
  return { width, height, rgba };
}
