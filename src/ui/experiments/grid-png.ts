import { cellRequests } from '../../experiments/axes.ts';
import {
  type Box,
  type GridShape,
  layoutGrid,
  lineHeight,
  squareColumns,
} from '../../experiments/grid-layout.ts';
import { wrapText } from '../../experiments/wrap-text.ts';
import { parametersText } from '../../metadata/a1111/a1111.ts';
import { withPngTexts } from '../../metadata/containers/png-text.ts';
import { SAFELIGHT_KEYWORD, settingsJson } from '../../metadata/safelight.ts';
import { AppError } from '../../protocol/errors.ts';
import { hiresSize } from '../../protocol/hires.ts';
import type { Cell, Experiment } from '../../state/jobs/experiment.ts';
import { commonText, valueLabel } from '../texts/axis-text.ts';
import type { Texts } from '../texts/en.ts';

const PAPER = '#fffdf8';
const INK = '#2a201a';
const UNEXPOSED = '#e2d3c3';
const TYPEFACE = 'system-ui, sans-serif';
const BOLD = 600;
const LIGHT = 400;

/** Longer labels are cut off. */
const MOST_LINES = 3;

/**
 * The grid as one PNG: the prompt, the settings that all have in common, the labels and the pictures, blank where one is missing. Written into the file are the
 * settings of the form that the experiment began with.
 * @throws AppError out-of-memory without a canvas of that size
 */
export async function gridPng(texts: Texts, experiment: Experiment): Promise<Blob> {
  const { axes, base, cells } = experiment;
  const labels = axes.map(({ kind, values }) => values.map((value) => valueLabel(texts, kind, value)));
  const shape = shapeOf(experiment);
  // Laid out for the most lines first; the labels there are may need fewer.
  const common = commonText(texts, experiment);
  const most = { labelLines: MOST_LINES, titleLines: MOST_LINES, noteLines: MOST_LINES };
  const roomy = layoutGrid({ ...shape, ...most });
  const measured = contextOf(1, 1);
  const linesOf = (text: string, { width }: Pick<Box, 'width'>, weight: number) =>
    textLines(measured, text, width, roomy.fontSize, weight).length;
  const { width, height, fontSize, title, note, columnLabels, rowLabels, ...layout } = layoutGrid({
    ...shape,
    labelLines: Math.max(
      ...(labels[0] ?? []).map((text, i) => linesOf(text, roomy.columnLabels[i] as Box, LIGHT)),
    ),
    titleLines: linesOf(base.prompt, roomy.title, BOLD),
    noteLines: linesOf(common, roomy.note, LIGHT),
  });

  const context = contextOf(width, height);
  context.fillStyle = PAPER;
  context.fillRect(0, 0, width, height);
  drawText(context, title, base.prompt, { fontSize, weight: BOLD, align: 'left' });
  drawText(context, note, common, { fontSize, weight: LIGHT, align: 'left' });
  const label = { fontSize, weight: LIGHT, align: 'center' } as const;
  for (const [i, box] of columnLabels.entries()) drawText(context, box, labels[0]?.[i] ?? '', label);
  for (const [i, box] of rowLabels.entries()) drawText(context, box, labels[1]?.[i] ?? '', label);
  for (const [i, box] of layout.cells.entries()) await drawCell(context, box, cells[i] as Cell);
  const png = await context.canvas.convertToBlob({ type: 'image/png' });
  return withPngTexts(png, {
    parameters: parametersText(base, base.seed),
    [SAFELIGHT_KEYWORD]: settingsJson(base, base.seed),
  });
}

function shapeOf({
  axes,
  base,
  cells,
}: Experiment): Omit<GridShape, 'labelLines' | 'titleLines' | 'noteLines'> {
  const sizes = cellRequests(base, axes).map((request) =>
    request.hires ? hiresSize(request, request.hires.scale) : request,
  );
  const [columnAxis, rowAxis] = axes;
  const columns = rowAxis ? columnAxis.values.length : squareColumns(cells.length);
  return {
    columns,
    rows: rowAxis ? rowAxis.values.length : Math.ceil(cells.length / columns),
    count: cells.length,
    cellWidth: Math.max(...sizes.map(({ width }) => width)),
    cellHeight: Math.max(...sizes.map(({ height }) => height)),
    hasRowLabels: rowAxis !== undefined,
  };
}

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new AppError('out-of-memory', 'No canvas for the grid.');
  return context;
}

async function drawCell(context: OffscreenCanvasRenderingContext2D, box: Box, cell: Cell): Promise<void> {
  if (cell.state !== 'done') {
    context.fillStyle = UNEXPOSED;
    context.fillRect(box.x, box.y, box.width, box.height);
    return;
  }
  const picture = await createImageBitmap(cell.png);
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const x = box.x + Math.floor((box.width - width) / 2);
  const y = box.y + Math.floor((box.height - height) / 2);
  // A tiny picture that is scaled up keeps sharp pixels.
  context.imageSmoothingEnabled = scale < 1;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, x, y, width, height);
  picture.close();
}

interface TextStyle {
  readonly fontSize: number;
  readonly weight: number;
  readonly align: 'left' | 'center';
}

/** Draws a text in the middle of its box, or from the left. */
function drawText(
  context: OffscreenCanvasRenderingContext2D,
  box: Box,
  words: string,
  { fontSize, weight, align }: TextStyle,
): void {
  const lines = textLines(context, words, box.width, fontSize, weight);
  const line = lineHeight(fontSize);
  context.fillStyle = INK;
  context.textAlign = align;
  context.textBaseline = 'middle';
  const top = box.y + (box.height - lines.length * line) / 2;
  const x = align === 'left' ? box.x : box.x + box.width / 2;
  for (const [i, text] of lines.entries()) context.fillText(text, x, top + (i + 0.5) * line, box.width);
}

/** The lines of a text that fit a width in pixels. Sets the context's font. */
function textLines(
  context: OffscreenCanvasRenderingContext2D,
  words: string,
  width: number,
  fontSize: number,
  weight: number,
): string[] {
  context.font = `${weight} ${fontSize}px ${TYPEFACE}`;
  return wrapText(words, width, MOST_LINES, (text) => context.measureText(text).width);
}
