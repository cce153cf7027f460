import { type AxisValue, cellRequest, valueLabel } from '../../experiments/axes.ts';
import {
  type Box,
  type GridLayout,
  LABEL_LINES,
  layoutGrid,
  lineHeight,
  squareColumns,
} from '../../experiments/grid-layout.ts';
import { wrapText } from '../../experiments/wrap-text.ts';
import { AppError } from '../../protocol/errors.ts';
import type { Experiment } from '../../state/experiments.ts';

const PAPER = '#fffdf8';
const INK = '#2a201a';
const UNEXPOSED = '#e2d3c3';
const TYPEFACE = 'system-ui, sans-serif';

/** Where everything of an experiment's grid lies, in pixels. */
export function experimentLayout({ axes, base, cells }: Experiment): GridLayout {
  const requests = cells.map((_, cell) => cellRequest(base, axes, cell));
  const [columnAxis, rowAxis] = axes;
  const columns = rowAxis ? columnAxis.values.length : squareColumns(cells.length);
  return layoutGrid({
    columns,
    rows: rowAxis ? rowAxis.values.length : Math.ceil(cells.length / columns),
    count: cells.length,
    cellWidth: Math.max(...requests.map(({ width }) => width)),
    cellHeight: Math.max(...requests.map(({ height }) => height)),
    hasRowLabels: rowAxis !== undefined,
  });
}

/**
 * The grid as one PNG: the prompt, the labels, the pictures; blank where one is not there.
 * @throws AppError out-of-memory without a canvas of that size
 */
export async function gridPng(experiment: Experiment): Promise<Blob> {
  const layout = experimentLayout(experiment);
  const canvas = new OffscreenCanvas(layout.width, layout.height);
  const context = canvas.getContext('2d');
  if (!context) throw new AppError('out-of-memory', 'No canvas for the grid.');
  context.fillStyle = PAPER;
  context.fillRect(0, 0, layout.width, layout.height);

  const [columns, rows] = experiment.axes;
  const text = (box: Box, words: string, style: Partial<TextStyle> = {}) =>
    drawText(context, box, words, { fontSize: layout.fontSize, align: 'center', weight: 400, ...style });
  text(layout.title, experiment.base.prompt, { align: 'left', weight: 600 });
  for (const [i, box] of layout.columnLabels.entries())
    text(box, valueLabel(columns.kind, columns.values[i] as AxisValue));
  for (const [i, box] of layout.rowLabels.entries())
    if (rows) text(box, valueLabel(rows.kind, rows.values[i] as AxisValue));

  for (const [i, box] of layout.cells.entries()) await drawCell(context, box, experiment, i);
  return canvas.convertToBlob({ type: 'image/png' });
}

async function drawCell(
  context: OffscreenCanvasRenderingContext2D,
  box: Box,
  { cells }: Experiment,
  i: number,
): Promise<void> {
  const cell = cells[i];
  if (cell?.state !== 'done') {
    context.fillStyle = UNEXPOSED;
    context.fillRect(box.x, box.y, box.width, box.height);
    return;
  }
  const picture = await createImageBitmap(cell.png);
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const x = box.x + Math.floor((box.width - width) / 2);
  const y = box.y + Math.floor((box.height - height) / 2);
  // Enlarged, tiny pictures keep their pixels as they are.
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

/** A text at the bottom of a label's box; beside a row, where the box is higher, in its middle. */
function drawText(
  context: OffscreenCanvasRenderingContext2D,
  box: Box,
  words: string,
  { fontSize, weight, align }: TextStyle,
): void {
  context.font = `${weight} ${fontSize}px ${TYPEFACE}`;
  context.fillStyle = INK;
  context.textAlign = align;
  context.textBaseline = 'middle';
  const lines = wrapText(words, box.width, LABEL_LINES, (text) => context.measureText(text).width);
  const line = lineHeight(fontSize);
  const free = box.height - lines.length * line;
  const isRowLabel = box.height > LABEL_LINES * line + 1;
  const top = box.y + (isRowLabel ? free / 2 : align === 'left' ? 0 : free - line / 6);
  const x = align === 'left' ? box.x : box.x + box.width / 2;
  for (const [i, text] of lines.entries()) context.fillText(text, x, top + (i + 0.5) * line, box.width);
}
