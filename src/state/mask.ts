import type { Fit } from '../protocol/calls.ts';

/** One pull of the brush; places and sizes as parts of the picture's width and height, 0 … 1. */
export interface Stroke {
  /** x, y, x, y, … */
  readonly points: readonly number[];
  /** Of the width. */
  readonly radius: number;
  /** How much of the radius fades out, 0 … 1. */
  readonly softness: number;
  /** Takes away what other strokes have marked. */
  readonly erases: boolean;
}

/** What is to be painted anew: what the strokes have marked, or, inverted, all but that. */
export interface Mask {
  /** A mask that came as a picture, of any size and under all strokes: white is marked. */
  readonly picture?: Blob;
  readonly strokes: readonly Stroke[];
  readonly isInverted: boolean;
}

/** Whether nothing is painted anew. */
export const isEmptyMask = ({ picture, strokes, isInverted }: Mask) =>
  !picture && strokes.length === 0 && !isInverted;

export const EMPTY_MASK: Mask = { strokes: [], isInverted: false };

/** A mask belongs to a picture of this shape, cut out this way. */
export function maskShape(fit: Fit, width: number, height: number): string {
  return `${fit} ${(width / height).toFixed(3)}`;
}

/** Dabs along a stroke, so close that they make a line. */
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
>;

/** White where the picture is painted anew, black where it is kept. `picture` is the mask's own, decoded. */
export function drawMask(
  context: Context,
  { strokes, isInverted }: Mask,
  picture: ImageBitmap | null,
  width: number,
  height: number,
): void {
  const [marked, kept] = isInverted ? ['0 0 0', '255 255 255'] : ['255 255 255', '0 0 0'];
  context.globalCompositeOperation = 'source-over';
  context.fillStyle = `rgb(${kept})`;
  context.fillRect(0, 0, width, height);
  // Its difference to black is itself, to white its inverse.
  context.globalCompositeOperation = 'difference';
  if (picture) context.drawImage(picture, 0, 0, width, height);
  for (const stroke of strokes) {
    const colour = stroke.erases ? kept : marked;
    // Dabs over dabs must not grow darker or lighter than one alone.
    context.globalCompositeOperation = colour === '0 0 0' ? 'darken' : 'lighten';
    for (const [x, y] of dabs(stroke, width / height)) {
      const [px, py, radius] = [x * width, y * height, stroke.radius * width];
      const fade = context.createRadialGradient(px, py, radius * (1 - stroke.softness), px, py, radius);
      fade.addColorStop(0, `rgb(${colour})`);
      fade.addColorStop(1, `rgb(${colour} / 0)`);
      context.fillStyle = stroke.softness > 0 ? fade : `rgb(${colour})`;
      context.beginPath();
      context.arc(px, py, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalCompositeOperation = 'source-over';
}

/** The mask as a PNG of this size. */
export async function maskToPng(mask: Mask, width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('No canvas for the mask.');
  const picture = mask.picture ? await createImageBitmap(mask.picture) : null;
  drawMask(context as unknown as Context, mask, picture, width, height);
  picture?.close();
  return canvas.convertToBlob({ type: 'image/png' });
}
