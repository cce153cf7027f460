import type { SettingValues } from './settings.ts';

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** In pixels of a canvas; it may reach outside the canvas, and need not lie on whole pixels. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** Pixels added around a picture, for the model to paint. */
export interface Border {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How a picture of another shape fills a canvas: cropped, stretched, or whole with borders to paint. */
export type Fit = SettingValues['fit'];

/** How a person wants a picture placed on a canvas. */
export interface Placing {
  readonly fit: Fit;
  /** 0 … 1 each: which part is shown of a cropped picture, or where a whole one lies between its borders; 0.5 is the middle. */
  readonly offset: { readonly x: number; readonly y: number };
  readonly border: Border;
}

/** Where a picture lies on a canvas. */
export interface Placement {
  /** The whole picture, which may reach outside the window. */
  readonly whole: Rect;
  /** The part of the canvas that the picture covers; the rest is to be painted. */
  readonly window: Rect;
}

/** Nothing to paint around the picture. */
export const NO_BORDER: Border = { left: 0, top: 0, right: 0, bottom: 0 };
/** The middle, across and down. */
export const MIDDLE = { x: 0.5, y: 0.5 };

/** Pixels: a picture keeps at least this much room between its borders. */
const MIN_ROOM = 8;
/** Pixels: borders are multiples of this. */
const STEP = 8;

/** Borders for a canvas of any size: if two opposite ones leave no room for the picture, both shrink in proportion. */
export function fitBorder({ left, top, right, bottom }: Border, { width, height }: Size): Border {
  const [fitLeft, fitRight] = fitPair(left, right, width - MIN_ROOM);
  const [fitTop, fitBottom] = fitPair(top, bottom, height - MIN_ROOM);
  return { left: fitLeft, top: fitTop, right: fitRight, bottom: fitBottom };
}

function fitPair(a: number, b: number, room: number): [number, number] {
  if (a + b <= Math.max(0, room)) return [a, b];
  const shrink = (value: number) => Math.floor((value * room) / (a + b) / STEP) * STEP;
  return [shrink(a), shrink(b)];
}

/** The part of a canvas inside its border. */
export function roomWithin(border: Border, canvas: Size): Rect {
  const { left, top, right, bottom } = fitBorder(border, canvas);
  return { x: left, y: top, width: canvas.width - left - right, height: canvas.height - top - bottom };
}

const SCALE: Readonly<Record<Exclude<Fit, 'stretch'>, (x: number, y: number) => number>> = {
  crop: Math.max,
  fill: Math.min,
};

/**
 * Where a picture lies on a canvas: inside the border, cropped, stretched or whole (the modes `crop`, `default` and `fill`
 * of diffusers' VaeImageProcessor). If there is room to move, `offset` decides as CSS object-position does: 0 is left or
 * top, 1 is right or bottom.
 */
export function place(file: Size, canvas: Size, { fit, offset, border }: Placing): Placement {
  const room = roomWithin(border, canvas);
  if (fit === 'stretch') return { whole: room, window: room };
  const scale = SCALE[fit](room.width / file.width, room.height / file.height);
  const isFill = fit === 'fill';
  // Next to a border the picture ends on a whole pixel.
  const length = (value: number) => (isFill ? Math.max(1, Math.round(value)) : value);
  const [width, height] = [length(file.width * scale), length(file.height * scale)];
  // An offset of half a pixel would blur a picture shown at its own size.
  const start = (slack: number) => (isFill || scale === 1 ? Math.round(slack) : slack);
  const whole = {
    x: room.x + start((room.width - width) * offset.x),
    y: room.y + start((room.height - height) * offset.y),
    width,
    height,
  };
  return { whole, window: isFill ? whole : room };
}

/** Whether the picture leaves a part of the canvas uncovered. */
export function hasBorder({ window }: Placement, { width, height }: Size): boolean {
  return window.width < width || window.height < height;
}

/** A canvas in the shape of `asked` on which the picture keeps all pixels of its file; never smaller than `asked`. */
export function fullSize(file: Size, asked: Size, fit: Fit): Size {
  const [x, y] = [file.width / asked.width, file.height / asked.height];
  const scale = Math.max(1, fit === 'crop' ? Math.min(x, y) : Math.max(x, y));
  return { width: Math.round(asked.width * scale), height: Math.round(asked.height * scale) };
}
