import { AppError } from '../../protocol/errors.ts';
import type { Rect, Size } from '../../protocol/placement.ts';
import type { Mask } from '../../storage/stored-files.ts';
import { drawMask } from './mask.ts';

/** Where the start picture lies: pixels of its file, of the canvas, and its rectangle on that. */
export interface AreaGround {
  readonly file: Size;
  readonly canvas: Size;
  readonly whole: Rect;
}

/** Pixels of the longer side of the picture that a mask becomes. */
const MOST = 2048;

/** All that may be marked, as fractions of the picture's width and height: the picture, what of the canvas lies beside it, and what is marked. */
export function markable({ canvas, whole }: AreaGround, marked?: Rect): Rect {
  const shown = {
    x: 0 - whole.x / whole.width,
    y: 0 - whole.y / whole.height,
    width: canvas.width / whole.width,
    height: canvas.height / whole.height,
  };
  const all = [{ x: 0, y: 0, width: 1, height: 1 }, shown, ...(marked ? [marked] : [])];
  const [x, y] = [Math.min(...all.map((rect) => rect.x)), Math.min(...all.map((rect) => rect.y))];
  return {
    x,
    y,
    width: Math.max(...all.map((rect) => rect.x + rect.width)) - x,
    height: Math.max(...all.map((rect) => rect.y + rect.height)) - y,
  };
}

/**
 * A mask with an area of the picture marked, or no longer marked: all that was drawn becomes one picture below the next strokes.
 * @param area a picture of the whole start picture, white where the area is
 * @throws AppError out-of-memory; what decoding the area or the mask's own picture throws
 */
export async function withArea(
  mask: Mask,
  area: Blob,
  isTakenAway: boolean,
  ground: AreaGround,
): Promise<Mask> {
  const { file } = ground;
  const at = markable(ground, mask.picture?.at);
  const scale = Math.min(1, MOST / Math.max(file.width * at.width, file.height * at.height));
  const side = (length: number) => Math.max(1, Math.round(length * scale));
  const canvas = { width: side(file.width * at.width), height: side(file.height * at.height) };
  const [wide, high] = [canvas.width / at.width, canvas.height / at.height];
  const whole = { x: -at.x * wide, y: -at.y * high, width: wide, height: high };
  const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
  if (!context) throw new AppError('out-of-memory', 'There is not enough memory for the mask.');
  const [bitmap, added] = await Promise.all([
    mask.picture ? createImageBitmap(mask.picture.file) : null,
    createImageBitmap(area),
  ]);
  const ratio = file.width / file.height;
  drawMask(context as unknown as CanvasRenderingContext2D, mask, bitmap, { canvas, whole, ratio });
  const invert = () => {
    context.globalCompositeOperation = 'difference';
    context.fillStyle = 'white';
    context.fillRect(0, 0, canvas.width, canvas.height);
  };
  // What is not marked is marked where an area is taken away.
  if (isTakenAway) invert();
  context.globalCompositeOperation = 'lighten';
  context.drawImage(added, whole.x, whole.y, whole.width, whole.height);
  // An inverted mask inverts its picture too, and marks everything beyond.
  if (isTakenAway !== mask.isInverted) invert();
  bitmap?.close();
  added.close();
  const png = await context.canvas.convertToBlob({ type: 'image/png' });
  return { picture: { file: png, at }, strokes: [], isInverted: mask.isInverted };
}

/** Whether a mask of the whole picture marks a point, by fractions of the width and height. */
export async function marks(area: Blob, x: number, y: number): Promise<boolean> {
  const bitmap = await createImageBitmap(area);
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  context?.drawImage(bitmap, -Math.floor(x * bitmap.width), -Math.floor(y * bitmap.height));
  bitmap.close();
  return (context?.getImageData(0, 0, 1, 1).data[0] ?? 0) > 127;
}
