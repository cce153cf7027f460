/** A place on the canvas, in its pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where everything of a labelled grid lies. */
export interface GridLayout {
  readonly width: number;
  readonly height: number;
  readonly title: Box;
  /** The pictures, row by row. */
  readonly cells: readonly Box[];
  /** Above each column. Of a grid of one axis instead: above each picture. */
  readonly columnLabels: readonly Box[];
  /** Beside each row; none of one axis. */
  readonly rowLabels: readonly Box[];
  /** Pixels. */
  readonly fontSize: number;
}

/** The grid's shape. */
export interface GridShape {
  /** Pictures. */
  readonly columns: number;
  readonly rows: number;
  /** How many pictures there are: of one axis the last row may not be full. */
  readonly count: number;
  /** The largest picture, in pixels. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Whether rows have labels of their own, as two axes have; else every picture has its own. */
  readonly hasRowLabels: boolean;
  /** Lines of the longest label, and of the title. */
  readonly labelLines: number;
  readonly titleLines: number;
}

/** What canvases can be in every browser: pixels of a side, and in all. */
const LARGEST_SIDE = 16_384;
const LARGEST_AREA = 100e6;
/** Labels of tiny pictures would be unreadable otherwise. */
const SMALLEST_CELL = 128;
const LINE_HEIGHT = 1.3;

/** How many columns make so many pictures of one axis as square as can be. */
export const squareColumns = (count: number) => Math.ceil(Math.sqrt(count));

/**
 * Lays out a labelled grid: a title, labels above columns (or above each picture), labels beside rows. Pictures keep their
 * pixels; tiny ones are enlarged, and where all would be more than a canvas holds, each is smaller.
 */
export function layoutGrid(shape: GridShape): GridLayout {
  let scale = Math.max(1, Math.ceil(SMALLEST_CELL / Math.min(shape.cellWidth, shape.cellHeight)));
  for (;;) {
    const layout = layoutAt(shape, scale);
    const { width, height } = layout;
    const room = Math.min(LARGEST_SIDE / Math.max(width, height), Math.sqrt(LARGEST_AREA / (width * height)));
    if (room >= 1) return layout;
    scale *= room * 0.99;
  }
}

function layoutAt(shape: GridShape, scale: number): GridLayout {
  const { columns, rows, count, hasRowLabels } = shape;
  const [width, height] = [Math.round(shape.cellWidth * scale), Math.round(shape.cellHeight * scale)];
  const fontSize = Math.max(12, Math.round(Math.min(width, height) / 14));
  const gap = Math.round(fontSize / 2);
  const labelHeight = Math.ceil(lineHeight(fontSize) * shape.labelLines);
  const titleHeight = Math.ceil(lineHeight(fontSize) * shape.titleLines);
  const rowLabelWidth = hasRowLabels ? Math.max(8 * fontSize, Math.round(width / 2)) : 0;
  const left = gap + (hasRowLabels ? rowLabelWidth + gap : 0);
  const top = gap + titleHeight + gap + labelHeight;
  const rowHeight = height + gap + (hasRowLabels ? 0 : labelHeight);
  const x = (column: number) => left + column * (width + gap);
  const y = (row: number) => top + row * rowHeight;

  const cells = Array.from({ length: count }, (_, i) => {
    return { x: x(i % columns), y: y(Math.floor(i / columns)), width, height };
  });
  const above = (box: Box): Box => ({ ...box, y: box.y - labelHeight, height: labelHeight });
  const total = { width: x(columns), height: y(rows - 1) + height + gap };
  return {
    ...total,
    title: { x: gap, y: gap, width: total.width - 2 * gap, height: titleHeight },
    cells,
    columnLabels: (hasRowLabels ? cells.slice(0, columns) : cells).map(above),
    rowLabels: hasRowLabels
      ? Array.from({ length: rows }, (_, row) => ({ x: gap, y: y(row), width: rowLabelWidth, height }))
      : [],
    fontSize,
  };
}

/** From one line of a label to the next, pixels. */
export const lineHeight = (fontSize: number) => fontSize * LINE_HEIGHT;
