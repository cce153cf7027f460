import type { Rect, Size } from '../../protocol/placement.ts';
import type { Mask } from '../../storage/stored-files.ts';
import type { Stroke } from '../../storage/stroke.ts';

/** A mask with no stroke: nothing is repainted. */
export const EMPTY_MASK: Mask = { strokes: [], isInverted: false };

/** Whether a mask marks nothing. */
export const isEmpty = ({ picture, strokes, isInverted }: Mask) =>
  !picture && strokes.length === 0 && !isInverted;

/** Dabs along a stroke, close enough to make a line; `ratio` is the picture's width divided by its height. */
export function dabs({ points, radius }: Stroke, ratio: number): [x: number, y: number][] {
  const result: [number, number][] = [[points[0] as number, points[1] as number]];
  for (let i = 2; i < points.length; i += 2) {
    const [fromX, fromY] = [points[i - 2] as number, points[i - 1] as number];
    const [toX, toY] = [points[i] as number, points[i + 1] as number];
    const count = Math.ceil(Math.hypot(toX - fromX, (toY - fromY) / ratio) / (radius / 4));
    for (let k = 1; k <= count; k++)
      result.push([fromX + ((toX - fromX) * k) / count, fromY + ((toY - fromY) * k) / count]);
  }
  return result;
}

const WHITE = 'rgb(255 255 255)';
const BLACK = 'rgb(0 0 0)';

type Context = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'fillRect'
  | 'globalCompositeOperation'
  | 'createRadialGradient'
  | 'beginPath'
  | 'arc'
  | 'fill'
  | 'drawImage'
  | 'setTransform'
>;

/** Where a mask's picture lies on a canvas; `ratio` is the width of its file divided by the height. */
export interface MaskGround {
  readonly canvas: Size;
  readonly whole: Rect;
  readonly ratio: number;
}

/** Draws white where the picture is repainted, black where it is kept. `bitmap` is the mask's own picture, decoded. */
export function drawMask(
  context: Context,
  { picture, strokes, isInverted }: Mask,
  bitmap: ImageBitmap | null,
  { canvas, whole, ratio }: MaskGround,
): void {
  const [marked, kept] = isInverted ? [BLACK, WHITE] : [WHITE, BLACK];
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = kept;
  context.fillRect(0, 0, canvas.width, canvas.height);
  // From here on, the unit in both directions is the picture's width: a stretched picture has a stretched brush.
  context.setTransform(whole.width, 0, 0, whole.height * ratio, whole.x, whole.y);
  // The difference to black is the picture itself, the difference to white its inverse.
  context.globalCompositeOperation = 'difference';
  const at = picture?.at;
  if (bitmap && at) context.drawImage(bitmap, at.x, at.y / ratio, at.width, at.height / ratio);
  for (const stroke of strokes) {
    const [colour, end] = stroke.erases ? [kept, marked] : [marked, kept];
    // Opaque colours: with alpha, overlapping dabs would add up to more than a single one.
    context.globalCompositeOperation = colour === BLACK ? 'darken' : 'lighten';
    const { radius, softness } = stroke;
    for (const [x, down] of dabs(stroke, ratio)) {
      const y = down / ratio;
      const fade = context.createRadialGradient(x, y, radius * (1 - softness), x, y, radius);
      fade.addColorStop(0, colour);
      fade.addColorStop(1, end);
      context.fillStyle = softness > 0 ? fade : colour;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalCompositeOperation = 'source-over';
}

/**
 * The mask as a PNG of the canvas' size.
 * @throws Error if the browser gives no canvas, or cannot decode the mask's own picture
 */
export async function maskToPng(mask: Mask, ground: MaskGround): Promise<Blob> {
  const context = new OffscreenCanvas(ground.canvas.width, ground.canvas.height).getContext('2d');
  if (!context) throw new Error('No canvas for the mask.');
  const bitmap = mask.picture ? await createImageBitmap(mask.picture.file) : null;
  drawMask(context as unknown as Context, mask, bitmap, ground);
  bitmap?.close();
  return context.canvas.convertToBlob({ type: 'image/png' });
}
