import {
  enables,
  forEachItem,
  input,
  type Kernel,
  output,
  STORAGE_BYTES,
  type Storage,
  uniforms,
  widthOf,
  workgroupsFor,
} from './kernel.ts';

/** Rows of a table. */
export interface Gather {
  /** How many rows are taken, and of how many. */
  readonly rows: number;
  readonly tableRows: number;
  readonly columns: number;
  readonly table: Storage;
  readonly out: Storage;
}

/**
 * table [tableRows, columns], indices int32 [rows] → [rows, columns]. An index outside the table takes its last row.
 * Bindings: table, indices; then the result.
 */
export function gather({ rows, tableRows, columns, table, out }: Gather): Kernel {
  const width = widthOf(columns);
  const count = (rows * columns) / width;
  const { wgsl, data } = uniforms({ count, columns: columns / width, tableRows });
  const code = [
    enables(table, out),
    wgsl,
    input('x', 1, table, width),
    '@group(0) @binding(2) var<storage, read> indices: array<u32>;',
    output('result', 3, out, width),
    forEachItem(
      64,
      `  if (i >= u.count) { return; }
  let row = min(indices[i / u.columns], u.tableRows - 1u);
  write_result(i, read_x(row * u.columns + i % u.columns));`,
    ),
  ].join('\n');
  const bytes = rows * columns * (STORAGE_BYTES[table] + STORAGE_BYTES[out]) + 4 * rows;
  return { name: 'gather', code, uniforms: data, workgroups: workgroupsFor(count, 64), flops: 0, bytes };
}
