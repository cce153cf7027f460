import type { Size } from '../../protocol/placement.ts';
import type { Line, Mark } from '../../storage/stored-drawing.ts';

/** The paper's colour, which the eraser paints. */
export const PAPER = '#ffffff';

/** What is used of a canvas. */
export type Paintable = Pick<
  CanvasRenderingContext2D,
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
  | 'fillRect'
  | 'beginPath'
  | 'arc'
  | 'fill'
  | 'moveTo'
  | 'lineTo'
  | 'quadraticCurveTo'
  | 'stroke'
  | 'drawImage'
>;

type Point = readonly [x: number, y: number, width: number];

const pointAt = ({ points }: Line, index: number): Point => {
  const at = 3 * Math.max(0, index);
  return [points[at] as number, points[at + 1] as number, points[at + 2] as number];
};
const between = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];

/**
 * Paints a line from its point `from` on: curves through the middles between its points, so that a line drawn point by point has the
 * pixels of one that is painted at once.
 */
export function paintLine(context: Paintable, line: Line, from = 0): void {
  context.strokeStyle = line.colour;
  context.fillStyle = line.colour;
  context.lineCap = 'round';
  for (let i = from; i < line.points.length / 3; i++) {
    const point = pointAt(line, i);
    if (i === 0) {
      context.beginPath();
      context.arc(point[0], point[1], point[2] / 2, 0, 2 * Math.PI);
      context.fill();
      continue;
    }
    const before = pointAt(line, i - 1);
    const start = i === 1 ? before : between(pointAt(line, i - 2), before);
    const end = between(before, point);
    context.beginPath();
    context.lineWidth = before[2];
    context.moveTo(start[0], start[1]);
    if (i === 1) context.lineTo(end[0], end[1]);
    else context.quadraticCurveTo(before[0], before[1], end[0], end[1]);
    context.stroke();
  }
}

/** The end of a line, from the middle to its last point: painted once the pen is up. */
export function paintEnd(context: Paintable, line: Line): void {
  const last = line.points.length / 3 - 1;
  if (last < 1) return;
  const [point, before] = [pointAt(line, last), pointAt(line, last - 1)];
  const start = between(before, point);
  context.strokeStyle = line.colour;
  context.lineCap = 'round';
  context.lineWidth = point[2];
  context.beginPath();
  context.moveTo(start[0], start[1]);
  context.lineTo(point[0], point[1]);
  context.stroke();
}

/** @param pictures the decoded files of marks */
export function paintMark(
  context: Paintable,
  mark: Mark,
  { width, height }: Size,
  pictures: ReadonlyMap<Blob, ImageBitmap>,
): void {
  if (mark.kind === 'line') {
    paintLine(context, mark);
    paintEnd(context, mark);
  } else if (mark.kind === 'fill') {
    context.fillStyle = mark.colour;
    context.fillRect(0, 0, width, height);
  } else {
    const picture = pictures.get(mark.file);
    if (picture) context.drawImage(picture, 0, 0, width, height);
  }
}
