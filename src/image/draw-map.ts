import type { DEPTH_MAKERS, MapMaker, MapRequest } from '../protocol/map-request.ts';
import { canny } from './canny.ts';
import { lineart, scribble } from './dark-lines.ts';
import { gaussianBlur } from './gaussian-blur.ts';
import { fromGrey, type Picture } from './picture.ts';

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
    const data = new Uint8ClampedArray(width * height);
    for (let i = 0; i < data.length; i++) data[i] = rgba[i * 4 + channel] as number;
    const soft = gaussianBlur({ width, height, data }, sigma).data;
    for (let i = 0; i < data.length; i++) result[i * 4 + channel] = soft[i] as number;
  }
  return { width, height, rgba: result };
}
