import type { Gemm, Tile } from './gemm.ts';
import { vectorOf, type Width, widthOf } from './kernel.ts';

interface Main {
  readonly product: Gemm;
  readonly tile: Tile;
  /** Of the vectors that the inner axis is read in. */
  readonly width: Width;
  readonly isSplit: boolean;
  /** Whether workgroup memory holds float16. */
  readonly isHalf: boolean;
}

const times = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/**
 * The entry point of a product. Each workgroup goes along the inner axis in chunks: it loads a stretch of its rows and of its
 * columns into workgroup memory as float32 or float16, then each invocation multiplies its own.
 *
 * An invocation's rows lie `threadRows` apart and its columns in pairs, so that neighbours read neighbours. All is unrolled:
 * arrays that are indexed by variables would not stay in registers.
 */
export function mainWgsl({ product, tile, width, isSplit, isHalf }: Main): string {
  const { gated = false, conv, normalize, inputs } = product;
  const [perRow, perColumn] = tile.perThread;
  const threadColumns = tile.columns / perColumn;
  const threadRows = tile.rows / perRow;
  const threads = threadColumns * threadRows;
  const loadsOf = (lines: number) => times(Math.ceil((lines * tile.depth) / threads), (i) => i);
  const vector = vectorOf(width);
  const held = isHalf ? vector.replace('f32', 'f16') : vector;
  const product1 = (a: string, b: string) => (width === 1 ? `${a} * ${b}` : `dot(${a}, ${b})`);
  const guard = (lines: number, i: number, body: string) =>
    (i + 1) * threads <= lines * tile.depth ? `{ ${body} }` : `if (index + ${i * threads}u < ${lines * tile.depth}u) { ${body} }`;

  // The rows that this invocation loads: where their pictures begin, and their corner there.
  const rowState = loadsOf(tile.rows).map((i) => {
    const row = `let row${i} = firstRow + (index + ${i * threads}u) / ${tile.depth}u;`;
    const batch = normalize || conv ? `let batch${i} = row${i} / u.rowsPerBatch;` : '';
    if (!conv) return `${row} ${batch} let pixel${i} = row${i}; let inside${i} = row${i} < u.rows;`;
    return `${row} ${batch}
  let y${i} = i32(row${i} % u.rowsPerBatch / u.outWidth * u.stride) - i32(u.top);
  let x${i} = i32(row${i} % u.outWidth * u.stride) - i32(u.left);
  var pixel${i} = 0u; var inside${i} = false;`;
  });
  const place = loadsOf(tile.rows).map(
    (i) => `    { let y = y${i} + i32(tap / u.kernel); let x = x${i} + i32(tap % u.kernel);
      inside${i} = row${i} < u.rows && y >= 0 && x >= 0 && y < i32(u.stretchedHeight) && x < i32(u.stretchedWidth);
      pixel${i} = (batch${i} * u.height + u32(max(y, 0)) * u.height / u.stretchedHeight) * u.width
        + u32(max(x, 0)) * u.width / u.stretchedWidth; }`,
  );
  const read = (i: number) => {
    const from = (input: number) => `read_x${input}(pixel${i} * ${input ? 'u.second' : 'u.first'} + at)`;
    const value = inputs.length > 1 ? `${vector}(); if (isSecond) { value = ${from(1)}; } else { value = ${from(0)}; }` : `${from(0)};`;
    const scaled = `let n = batch${i} * 2u * (u.first + u.second) + offset + at;
        value = value * read_norm(n) + read_norm(n + u.first + u.second);${normalize?.silu ? ` value = silu${width}(value);` : ''}`;
    return `var value = ${value} ${normalize ? scaled : ''}`;
  };
  const loadRows = loadsOf(tile.rows).map((i) =>
    guard(
      tile.rows,
      i,
      `let slot = index + ${i * threads}u; let k = slot % ${tile.depth}u; let at = start + k; var loaded = ${held}();
      if (inside${i} && at < channels) { ${read(i)} loaded = ${held}(value); }
      rowTile[k * ${tile.rows}u + slot / ${tile.depth}u] = loaded;`,
    ),
  );
  // With gates, the first half of a tile's columns are values, the second half their gates.
  const half = tile.columns / 2;
  const columnOf = gated
    ? `select(firstColumn + line, u.outColumns + firstColumn + line - ${half}u, line >= ${half}u)`
    : 'firstColumn + line';
  const isWanted = gated ? `firstColumn + line % ${half}u < u.outColumns` : 'column < u.columns';
  const loadColumns = loadsOf(tile.columns).map((i) =>
    guard(
      tile.columns,
      i,
      `let slot = index + ${i * threads}u; let k = slot % ${tile.depth}u; let at = start + k; let line = slot / ${tile.depth}u;
      let column = ${columnOf}; var loaded = ${held}();
      if (${isWanted} && at < channels) { loaded = ${held}(read_weight_at(column, tap * (u.first + u.second) + offset + at)); }
      columnTile[k * ${tile.columns}u + line] = loaded;`,
    ),
  );

  const perHalf = gated ? perColumn / 2 : perColumn;
  /** The column within the tile that is an invocation's j-th. */
  const columnAt = (j: number) => {
    const [part, within] = [Math.floor(j / perHalf), j % perHalf];
    return `${part * half + Math.floor(within / 2) * 2 * threadColumns + (within % 2)}u + 2u * thread.x`;
  };
  const asFloat = (value: string) => (isHalf ? `${vector}(${value})` : value);
  const multiply = [
    ...times(perRow, (i) => `      let a${i} = ${asFloat(`rowTile[k * ${tile.rows}u + ${i * threadRows}u + thread.y]`)};`),
    ...times(
      perColumn,
      (j) => `      { let b = ${asFloat(`columnTile[k * ${tile.columns}u + ${columnAt(j)}]`)}; ${times(
        perRow,
        (i) => `s${i}_${j} += ${product1(`a${i}`, 'b')};`,
      ).join(' ')} }`,
    ),
  ];

  const finished = times(perRow, (i) => {
    const stores = times(perHalf / 2, (pair) => store({ i, j: 2 * pair, perHalf, columnAt, gated, isSplit, product }));
    return `  { let row = firstRow + ${i * threadRows}u + thread.y; if (row < u.rows) {\n${stores.join('\n')}\n  } }`;
  });

  return `
var<workgroup> rowTile: array<${held}, ${tile.depth * tile.rows}>;
var<workgroup> columnTile: array<${held}, ${tile.depth * tile.columns}>;

@compute @workgroup_size(${threadColumns}, ${threadRows})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>,
  @builtin(local_invocation_index) index: u32) {
  let firstRow = group.y * ${tile.rows}u;
  let firstColumn = group.x * ${gated ? half : tile.columns}u;
${times(perRow, (i) => `  ${times(perColumn, (j) => `var s${i}_${j} = 0.0;`).join(' ')}`).join('\n')}
  ${rowState.join('\n  ')}
  var chunk = group.z * u.perSplit;
  let last = min(chunk + u.perSplit, u.chunks);
  // Where the first chunk is: in which input, at which tap, from which channel.
  let perTap = (u.first + ${tile.depth - 1}u) / ${tile.depth}u;
  var isSecond = chunk >= perTap * u.taps;
  let within = select(chunk, chunk - perTap * u.taps, isSecond);
  let perTapHere = select(perTap, (u.second + ${tile.depth - 1}u) / ${tile.depth}u, isSecond);
  var tap = within / max(perTapHere, 1u);
  var start = within % max(perTapHere, 1u) * ${tile.depth}u;
  var channels = select(u.first, u.second, isSecond);
  var offset = select(0u, u.first, isSecond);
  var isMoved = true;
  for (; chunk < last; chunk++) {
${conv ? `    if (isMoved) {\n${place.join('\n')}\n    }` : ''}
    ${loadRows.join('\n    ')}
    ${loadColumns.join('\n    ')}
    workgroupBarrier();
    for (var k = 0u; k < ${tile.depth}u; k++) {
${multiply.join('\n')}
    }
    workgroupBarrier();
    start += ${tile.depth}u;
    isMoved = start >= channels;
    if (isMoved) { start = 0u; tap++; }
    if (tap == u.taps) { tap = 0u; isSecond = true; channels = u.second; offset = u.first; }
  }
${finished.join('\n')}
}`;
}

interface Store {
  readonly i: number;
  readonly j: number;
  readonly perHalf: number;
  readonly columnAt: (j: number) => string;
  readonly gated: boolean;
  readonly isSplit: boolean;
  readonly product: Gemm;
}

/** An invocation's columns j and j + 1 of its i-th row, to the result or to the splits' sums. */
function store({ i, j, perHalf, columnAt, gated, isSplit, product }: Store): string {
  const column = `let column = firstColumn + ${columnAt(j)};`;
  const gate = j + perHalf;
  if (isSplit) {
    const write = (offset: string, value: string, limit: string) =>
      `if (column + ${offset} < ${limit}) { write_sums((group.z * u.rows + row) * u.columns + GATE + column + ${offset}, ${value}); }`;
    const both = (from: number, base: string) =>
      [write('0u', `s${i}_${from}`, 'u.outColumns'), write('1u', `s${i}_${from + 1}`, 'u.outColumns')]
        .join(' ')
        .replaceAll('GATE', base);
    return `    { ${column} ${both(j, '0u')} ${gated ? both(gate, 'u.outColumns') : ''} }`;
  }
  const isPair = widthOf(gated ? product.columns / 2 : product.columns) > 1;
  if (isPair) {
    const values = `vec2<f32>(s${i}_${j}, s${i}_${j + 1})${gated ? `, vec2<f32>(s${i}_${gate}, s${i}_${gate + 1})` : ''}`;
    return `    { ${column} if (column < u.outColumns) { finish(row, column, ${values}); } }`;
  }
  const single = (k: number) =>
    `if (column + ${k}u < u.outColumns) { finish(row, column + ${k}u, s${i}_${j + k}${gated ? `, s${i}_${gate + k}` : ''}); }`;
  return `    { ${column} ${single(0)} ${single(1)} }`;
}
