import type { Drawing, Line, Mark } from '../../storage/stored-drawing.ts';
import { bitmapFile } from './bitmap-file.ts';
import { PAPER, paintEnd, paintLine, paintMark } from './paint-mark.ts';

/** How many marks are painted again at most when one is undone: after so many the paper as it is is kept. */
const KEPT_EVERY = 8;

/** A canvas with a drawing on it. */
export interface Paper {
  /** Shows a drawing, painting no more than is not there yet. @param pictures its decoded files */
  show(drawing: Drawing, pictures: ReadonlyMap<Blob, ImageBitmap>): void;
  /** Paints a line that is being drawn from its point `from` on. */
  draw(line: Line, from: number): void;
  /** Paints the end of that line: it is the drawing's last mark from now on. */
  end(line: Line): void;
  /** The drawing as it is, as a file that takes no time to make. */
  snapshot(): Blob;
}

/** @param canvas of the drawing's size; @throws Error where the browser gives no context */
export function createPaper(canvas: HTMLCanvasElement | OffscreenCanvas): Paper {
  // Its pixels stay with the page: reading them waits for no GPU.
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true }) as
    | CanvasRenderingContext2D
    | OffscreenCanvasRenderingContext2D
    | null;
  if (!context) throw new Error('No canvas to draw on.');
  let ground: Blob | null | undefined;
  let shown: Mark[] = [];
  let kept: { readonly count: number; readonly copy: OffscreenCanvas }[] = [];

  const keep = () => {
    if (shown.length % KEPT_EVERY !== 0 || kept.at(-1)?.count === shown.length) return;
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    copy.getContext('2d')?.drawImage(canvas, 0, 0);
    kept.push({ count: shown.length, copy });
  };
  const putBack = (drawing: Drawing, pictures: ReadonlyMap<Blob, ImageBitmap>) => {
    const { width, height } = drawing;
    const isSame = ground === drawing.ground && canvas.width === width && canvas.height === height;
    const alike = isSame ? countAlike(shown, drawing.marks) : 0;
    if (isSame && alike === shown.length) return;
    kept = isSame ? kept.filter(({ count }) => count <= alike) : [];
    const from = kept.at(-1);
    if (!isSame) Object.assign(canvas, { width, height });
    ground = drawing.ground;
    shown = drawing.marks.slice(0, from?.count ?? 0);
    if (from) return void context.drawImage(from.copy, 0, 0);
    context.fillStyle = PAPER;
    context.fillRect(0, 0, width, height);
    const picture = ground && pictures.get(ground);
    if (picture) context.drawImage(picture, 0, 0, width, height);
  };
  return {
    show(drawing, pictures) {
      putBack(drawing, pictures);
      for (const mark of drawing.marks.slice(shown.length)) {
        keep();
        paintMark(context, mark, drawing, pictures);
        shown.push(mark);
      }
    },
    draw(line, from) {
      if (from === 0) keep();
      paintLine(context, line, from);
    },
    end(line) {
      paintEnd(context, line);
      shown.push(line);
    },
    snapshot: () => bitmapFile(context.getImageData(0, 0, canvas.width, canvas.height)),
  };
}

function countAlike(a: readonly Mark[], b: readonly Mark[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}
