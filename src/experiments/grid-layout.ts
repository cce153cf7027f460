/** A rectangle on the canvas, in pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where each part of a labelled grid lies; all in pixels. */
export interface GridLayout {
  readonly width: number;
  readonly height: number;
  readonly title: Box;
  /** Below the title: what all pictures have in common. */
  readonly note: Box;
  /** The pictures, row by row. */
  readonly cells: readonly Box[];
  /** Above each column; with one axis, above each picture. */
  readonly columnLabels: readonly Box[];
  /** To the left of each row; with one axis there are none. */
  readonly rowLabels: readonly Box[];
  readonly fontSize: number;
}

/** What a grid has to hold. */
export interface GridShape {
  /** In pictures. */
  readonly columns: number;
  readonly rows: number;
  /** How many pictures there are: with one axis, the last row may not be full. */
  readonly count: number;
  /** The largest picture, in pixels. */
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Whether rows have labels, as with two axes; with one axis, each picture has a label instead. */
  readonly hasRowLabels: boolean;
  /** Lines of the longest label, of the title and of the note. */
  readonly labelLines: number;
  readonly titleLines: number;
  readonly noteLines: number;
}

/** The largest canvas that every browser can make, in pixels of a side and in all. */
const MAX_CANVAS_SIDE = 16_384;
const MAX_CANVAS_AREA = 100e6;
/** Pixels. On smaller cells the labels could not be read. */
const MIN_CELL = 128;
const LINE_HEIGHT = 1.3;

/** The number of columns that makes a grid of `count` pictures most nearly square. */
export const squareColumns = (count: number) => Math.ceil(Math.sqrt(count));

/**
 * Lays out a grid with a title and labels. Pictures keep their size in pixels, but tiny ones are scaled up, and all of them
 * shrink if the grid would not fit on a canvas.
 */
export function layoutGrid(shape: GridShape): GridLayout {
  let scale = Math.max(1, Math.ceil(MIN_CELL / Math.min(shape.cellWidth, shape.cellHeight)));
  for (;;) {
    const layout = layoutAt(shape, scale);
    const { width, height } = layout;
    const room = Math.min(
      MAX_CANVAS_SIDE / Math.max(width, height),
      Math.sqrt(MAX_CANVAS_AREA / (width * height)),
    );
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
  const noteHeight = Math.ceil(lineHeight(fontSize) * shape.noteLines);
  const rowLabelWidth = hasRowLabels ? Math.max(8 * fontSize, Math.round(width / 2)) : 0;
  const left = gap + (hasRowLabels ? rowLabelWidth + gap : 0);
  const top = gap + titleHeight + noteHeight + gap + labelHeight;
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
    note: { x: gap, y: gap + titleHeight, width: total.width - 2 * gap, height: noteHeight },
    cells,
    columnLabels: (hasRowLabels ? cells.slice(0, columns) : cells).map(above),
    rowLabels: hasRowLabels
      ? Array.from({ length: rows }, (_, row) => ({ x: gap, y: y(row), width: rowLabelWidth, height }))
      : [],
    fontSize,
  };
}

/** The distance from one line of text to the next, pixels. */
export const lineHeight = (fontSize: number) => fontSize * LINE_HEIGHT;
