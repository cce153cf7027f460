import type { Fit, InitImageFile } from './init-image.ts';

/** Pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels of a canvas; may lie outside of it, and between its pixels. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** Pixels added around a picture, to be painted. */
export interface Border {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How a picture lies on a canvas. */
export interface Placement {
  /** Where all of the picture lies, in part perhaps outside of the window. */
  readonly whole: Rect;
  /** What the picture covers; the rest of the canvas is to be painted. */
  readonly window: Rect;
}

export const NO_BORDER: Border = { left: 0, top: 0, right: 0, bottom: 0 };
/** The middle, across and down. */
export const MIDDLE = { x: 0.5, y: 0.5 };

/** Of a picture at least this much is left between its borders. */
const LEAST = 8;
const STEP = 8;

/** Borders of a canvas of another size than they were made for: where they leave no room, both give way in part. */
export function fitBorder({ left, top, right, bottom }: Border, { width, height }: Size): Border {
  const [fitLeft, fitRight] = pair(left, right, width - LEAST);
  const [fitTop, fitBottom] = pair(top, bottom, height - LEAST);
  return { left: fitLeft, top: fitTop, right: fitRight, bottom: fitBottom };
}

function pair(a: number, b: number, room: number): [number, number] {
  if (a + b <= Math.max(0, room)) return [a, b];
  const part = (value: number) => Math.floor((value * room) / (a + b) / STEP) * STEP;
  return [part(a), part(b)];
}

/** What a border leaves of its canvas. */
export function roomWithin(border: Border, canvas: Size): Rect {
  const { left, top, right, bottom } = fitBorder(border, canvas);
  return { x: left, y: top, width: canvas.width - left - right, height: canvas.height - top - bottom };
}

const SCALE: Readonly<Record<Exclude<Fit, 'stretch'>, (x: number, y: number) => number>> = {
  crop: Math.max,
  fill: Math.min,
};

/**
 * Where a picture comes to lie on the canvas asked for: inside its border cut to shape, stretched, or whole (the modes
 * `crop`, `default` and `fill` of diffusers' VaeImageProcessor), and where there is room to move, by `offset`, as CSS'
 * object-position has it: 0 left or top, 1 right or bottom.
 */
export function place(
  file: Size,
  canvas: Size,
  { fit, offset, border }: Pick<InitImageFile, 'fit' | 'offset' | 'border'>,
): Placement {
  const room = roomWithin(border, canvas);
  if (fit === 'stretch') return { whole: room, window: room };
  const scale = SCALE[fit](room.width / file.width, room.height / file.height);
  const isFill = fit === 'fill';
  // A picture with borders ends on whole pixels.
  const length = (value: number) => (isFill ? Math.max(1, Math.round(value)) : value);
  const [width, height] = [length(file.width * scale), length(file.height * scale)];
  // Half a pixel would blur a picture that is shown at its own size.
  const start = (slack: number) => (isFill || scale === 1 ? Math.round(slack) : slack);
  const whole = {
    x: room.x + start((room.width - width) * offset.x),
    y: room.y + start((room.height - height) * offset.y),
    width,
    height,
  };
  return { whole, window: isFill ? whole : room };
}

/** Whether a part of the canvas lies outside of the picture. */
export function hasBorder({ window }: Placement, { width, height }: Size): boolean {
  return window.width < width || window.height < height;
}

/** A canvas of the shape asked for that shows the picture as large as its file has it, and no smaller than asked. */
export function fullSize(file: Size, asked: Size, fit: Fit): Size {
  const [x, y] = [file.width / asked.width, file.height / asked.height];
  const scale = Math.max(1, fit === 'crop' ? Math.min(x, y) : Math.max(x, y));
  return { width: Math.round(asked.width * scale), height: Math.round(asked.height * scale) };
}
