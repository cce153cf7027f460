import { MIDDLE, NO_BORDER, type Placing } from './placement.ts';
import { defaultsOf, IMAGE_NAMES, type ImageSettings } from './settings.ts';

/** The picture that a request starts from, as a file, with how it is placed and how much of it may change. */
export interface InitImageFile extends Placing, Omit<ImageSettings, keyof Placing> {
  readonly file: Blob;
  /** In the request's shape: white is repainted, black is kept, grey in between. Null repaints all of it, or only the border. */
  readonly mask: Blob | null;
}

/** How a picture is used if nothing else is said: diffusers' own defaults. */
export const INIT_IMAGE_DEFAULTS = {
  ...defaultsOf(IMAGE_NAMES),
  offset: MIDDLE,
  border: NO_BORDER,
  mask: null,
} satisfies Partial<InitImageFile>;
