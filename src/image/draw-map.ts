import type { DEPTH_MAKERS, MapMaker, MapRequest } from '../protocol/map-request.ts';
import { canny } from './canny.ts';
import { lineart, scribble } from './dark-lines.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import type { GreyPicture, Picture } from './picture.ts';

/** The preprocessors that are plain code. */
type Drawn = Exclude<MapMaker, (typeof DEPTH_MAKERS)[number]>;

/** The map of a control layer by plain code: as large as the picture, ink white on black. */
export function drawMap(
  picture: Picture,
  preprocessor: Drawn,
  { low, high, sigma }: Pick<MapRequest, 'low' | 'high' | 'sigma'>,
): Picture {
  switch (preprocessor) {
    case 'canny':
      return fromGrey(canny(picture, low, high));
    case 'scribble':
      return fromGrey(scribble(picture));
    case 'lineart':
      return fromGrey(lineart(picture));
    case 'blur':
      return softened(picture, sigma);
  }
}

/** A picture softened by Pillow's Gaussian blur. @param sigma pixels */
function softened({ rgba, width, height }: Picture, sigma: number): Picture {
  const result = new Uint8ClampedArray(rgba);
  for (let channel = 0; channel < 3; channel++) {
    const data = Uint8ClampedArray.from(
      { length: width * height },
      (_, i) => rgba[i * 4 + channel] as number,
    );
    for (const [i, value] of gaussianBlur({ width, height, data }, sigma).data.entries())
      result[i * 4 + channel] = value;
  }
  return { width, height, rgba: result };
}

/** The same grey in all colours. */
export function fromGrey({ width, height, data }: GreyPicture): Picture {
  const rgba = new Uint8ClampedArray(data.length * 4).fill(255);
  for (const [i, grey] of data.entries()) rgba.fill(grey, i * 4, i * 4 + 3);
  return { width, height, rgba };
}
