import { loadColumnsWgsl, loadRowsWgsl, placeRowsWgsl, rowStateWgsl } from './gemm-load.ts';
import { type GemmShader, times } from './gemm-shader.ts';
import { vectorOf, type Width, widthOf } from './kernel.ts';
import type { Gemm, Tile } from './product.ts';

/**
 * The entry point of a product. Each workgroup goes along the inner axis in chunks: it loads a stretch of its rows and of its
 * columns into workgroup memory, then each invocation multiplies its own. What is normalised on the way stays float32: rounded
 * to float16 it doubles the error of a whole UNet.
 *
 * An invocation's rows lie `threads` apart and its columns in pairs, so that neighbours read neighbours. All is unrolled:
 * arrays that are indexed by variables would not stay in registers.
 * @param isHalf whether rows and columns are float16 where they lie
 */
export function mainWgsl(product: Gemm, tile: Tile, width: Width, isSplit: boolean, isHalf: boolean): string {
  const { gated = false } = product;
  const [perRow, perColumn] = tile.perThread;
  const threads = [tile.columns / perColumn, tile.rows / perRow] as const;
  const vector = vectorOf(width);
  const half = isHalf ? vector.replace('f32', 'f16') : vector;
  const held = { rows: product.normalize ? vector : half, columns: half };
  const shader: GemmShader = { product, tile, width, isSplit, held, threads };
  return `
var<workgroup> rowTile: array<${held.rows}, ${tile.depth * tile.rows}>;
var<workgroup> columnTile: array<${held.columns}, ${tile.depth * tile.columns}>;

@compute @workgroup_size(${threads.join(', ')})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) thread: vec3<u32>,
  @builtin(local_invocation_index) index: u32) {
  let firstRow = group.y * ${tile.rows}u;
  let firstColumn = group.x * ${gated ? tile.columns / 2 : tile.columns}u;
${times(perRow, (i) => `  ${times(perColumn, (j) => `var s${i}_${j} = 0.0;`).join(' ')}`).join('\n')}
  ${rowStateWgsl(shader).join('\n  ')}
${chunksWgsl(
  shader,
  `    for (var k = 0u; k < ${tile.depth}u; k++) {
${multiplyWgsl(shader).join('\n')}
    }`,
)}
${storesWgsl(shader).join('\n')}
}`;
}

/** Goes through the inner axis chunk by chunk: loads it, and multiplies. */
export const chunksWgsl = (shader: GemmShader, multiply: string): string => `${firstChunkWgsl(shader.tile)}
  for (; chunk < last; chunk++) {
${shader.product.conv ? `    if (isMoved) {\n${placeRowsWgsl(shader).join('\n')}\n    }` : ''}
    ${loadRowsWgsl(shader).join('\n    ')}
    ${loadColumnsWgsl(shader).join('\n    ')}
    workgroupBarrier();
${multiply}
    workgroupBarrier();
    start += ${shader.tile.depth}u;
    isMoved = start >= channels;
    if (isMoved) { start = 0u; tap++; }
    if (tap == u.taps) { tap = 0u; isSecond = true; channels = u.second; offset = u.first; }
  }`;

/** Where the first chunk is: in which input, at which tap, from which channel. */
const firstChunkWgsl = ({ depth }: Tile): string => `  var chunk = group.z * u.perSplit;
  let last = min(chunk + u.perSplit, u.chunks);
  let perTap = (u.first + ${depth - 1}u) / ${depth}u;
  var isSecond = chunk >= perTap * u.taps;
  let within = select(chunk, chunk - perTap * u.taps, isSecond);
  let perTapHere = select(perTap, (u.second + ${depth - 1}u) / ${depth}u, isSecond);
  var tap = within / max(perTapHere, 1u);
  var start = within % max(perTapHere, 1u) * ${depth}u;
  var channels = select(u.first, u.second, isSecond);
  var offset = select(0u, u.first, isSecond);
  var isMoved = true;`;

/** How many of an invocation's columns are values; with gates the others are theirs. */
const valuesOf = ({ product, tile }: GemmShader): number =>
  product.gated ? tile.perThread[1] / 2 : tile.perThread[1];

/** The column within the tile that is an invocation's j-th. */
function columnAt(shader: GemmShader, j: number): string {
  const values = valuesOf(shader);
  const [part, within] = [Math.floor(j / values), j % values];
  const column =
    part * (shader.tile.columns / 2) + Math.floor(within / 2) * 2 * shader.threads[0] + (within % 2);
  return `${column}u + 2u * thread.x`;
}

/** Each of an invocation's rows times each of its columns, at one place of the inner axis. */
function multiplyWgsl(shader: GemmShader): string[] {
  const { tile, width, threads } = shader;
  const [perRow, perColumn] = tile.perThread;
  const asFloat = (value: string) => `${vectorOf(width)}(${value})`;
  const product = (i: number) => (width === 1 ? `a${i} * b` : `dot(a${i}, b)`);
  return [
    ...times(
      perRow,
      (i) => `      let a${i} = ${asFloat(`rowTile[k * ${tile.rows}u + ${i * threads[1]}u + thread.y]`)};`,
    ),
    ...times(perColumn, (j) => {
      const b = asFloat(`columnTile[k * ${tile.columns}u + ${columnAt(shader, j)}]`);
      return `      { let b = ${b}; ${times(perRow, (i) => `s${i}_${j} += ${product(i)};`).join(' ')} }`;
    }),
  ];
}

/** An invocation's sums, to the result or to the splits' sums. */
function storesWgsl(shader: GemmShader): string[] {
  const { tile, threads } = shader;
  return times(tile.perThread[0], (i) => {
    const stores = times(valuesOf(shader) / 2, (pair) => storeWgsl(shader, i, 2 * pair));
    return `  { let row = firstRow + ${i * threads[1]}u + thread.y; if (row < u.rows) {\n${stores.join('\n')}\n  } }`;
  });
}

/** The columns j and j + 1 of the i-th row. */
function storeWgsl(shader: GemmShader, i: number, j: number): string {
  const { product, isSplit } = shader;
  const { gated = false, columns } = product;
  const column = `let column = firstColumn + ${columnAt(shader, j)};`;
  const gate = j + valuesOf(shader);
  const guarded = (k: number, body: string) => `if (column + ${k}u < u.outColumns) { ${body} }`;
  if (isSplit) {
    const write = (from: number, base: string) =>
      times(2, (k) => {
        const at = `(group.z * u.rows + row) * u.columns + ${base} + column + ${k}u`;
        return guarded(k, `write_sums(${at}, s${i}_${from + k});`);
      }).join(' ');
    return `    { ${column} ${write(j, '0u')} ${gated ? write(gate, 'u.outColumns') : ''} }`;
  }
  if (widthOf(gated ? columns / 2 : columns) > 1) {
    const pair = (from: number) => `vec2<f32>(s${i}_${from}, s${i}_${from + 1})`;
    const values = gated ? `${pair(j)}, ${pair(gate)}` : pair(j);
    return `    { ${column} ${guarded(0, `finish(row, column, ${values});`).replace('column + 0u', 'column')} }`;
  }
  const single = (k: number) =>
    guarded(k, `finish(row, column + ${k}u, s${i}_${j + k}${gated ? `, s${i}_${gate + k}` : ''});`);
  return `    { ${column} ${single(0)} ${single(1)} }`;
}
