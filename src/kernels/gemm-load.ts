import { type GemmShader, times } from './gemm-shader.ts';
import { vectorOf } from './kernel.ts';

/** The vectors that an invocation loads of so many rows or columns. */
function loadsOf({ tile, threads }: GemmShader, lines: number): number[] {
  return times(Math.ceil((lines * tile.depth) / (threads[0] * threads[1])), (i) => i);
}

/** An invocation's i-th load, where there are so many. */
function guarded({ tile, threads }: GemmShader, lines: number, i: number, body: string): string {
  const all = threads[0] * threads[1];
  if ((i + 1) * all <= lines * tile.depth) return `{ ${body} }`;
  return `if (index + ${i * all}u < ${lines * tile.depth}u) { ${body} }`;
}

/** The rows that an invocation loads: which they are, of which picture, and from which corner of it they read. */
export function rowStateWgsl(shader: GemmShader): string[] {
  const { product, tile, threads } = shader;
  return loadsOf(shader, tile.rows).map((i) => {
    const row = `let row${i} = firstRow + (index + ${i * threads[0] * threads[1]}u) / ${tile.depth}u;`;
    const batch = product.normalize || product.conv ? `let batch${i} = row${i} / u.rowsPerBatch;` : '';
    if (!product.conv) return `${row} ${batch} let pixel${i} = row${i}; let inside${i} = row${i} < u.rows;`;
    return `${row} ${batch}
  let y${i} = i32(row${i} % u.rowsPerBatch / u.outWidth * u.stride) - i32(u.top);
  let x${i} = i32(row${i} % u.outWidth * u.stride) - i32(u.left);
  var pixel${i} = 0u; var inside${i} = false;`;
  });
}

/** The pixels that those rows read at a tap. */
export function placeRowsWgsl(shader: GemmShader): string[] {
  return loadsOf(shader, shader.tile.rows).map(
    (i) => `    { let y = y${i} + i32(tap / u.kernel); let x = x${i} + i32(tap % u.kernel);
      inside${i} = row${i} < u.rows && y >= 0 && x >= 0 && y < i32(u.stretchedHeight) && x < i32(u.stretchedWidth);
      pixel${i} = (batch${i} * u.height + u32(max(y, 0)) * u.height / u.stretchedHeight) * u.width
        + u32(max(x, 0)) * u.width / u.stretchedWidth; }`,
  );
}

/** What a row reads, normalised where the product says so. */
function readWgsl({ product, width }: GemmShader, i: number): string {
  const { inputs, normalize } = product;
  const at = (input: number) => `read_x${input}(pixel${i} * ${input ? 'u.second' : 'u.first'} + at)`;
  const value =
    inputs.length > 1
      ? `${vectorOf(width)}(); if (isSecond) { value = ${at(1)}; } else { value = ${at(0)}; }`
      : `${at(0)};`;
  if (!normalize) return `var value = ${value} `;
  return `var value = ${value} let n = batch${i} * 2u * (u.first + u.second) + offset + at;
        value = value * read_norm(n) + read_norm(n + u.first + u.second);${normalize.silu ? ` value = silu${width}(value);` : ''}`;
}

/** Keeps a vector of the k-th place of a line: beside that of the next line or, for matrices, of the line's next place. */
function keepWgsl({ tile }: GemmShader, name: string, lines: number, line: string): string {
  if (!tile.matrix) return `${name}[k * ${lines}u + ${line}] = loaded;`;
  const stores = ['x', 'y', 'z', 'w'].map((part, j) => `${name}[to + ${j}u] = loaded.${part};`);
  return `let to = 4u * (${line} * ${tile.depth}u + k); ${stores.join(' ')}`;
}

/** The rows' stretch of the inner axis, into workgroup memory. */
export function loadRowsWgsl(shader: GemmShader): string[] {
  const { tile, held, threads } = shader;
  return loadsOf(shader, tile.rows).map((i) =>
    guarded(
      shader,
      tile.rows,
      i,
      `let slot = index + ${i * threads[0] * threads[1]}u; let k = slot % ${tile.depth}u; let at = start + k; var loaded = ${held.rows}();
      if (inside${i} && at < channels) { ${readWgsl(shader, i)} loaded = ${held.rows}(value); }
      ${keepWgsl(shader, 'rowTile', tile.rows, `slot / ${tile.depth}u`)}`,
    ),
  );
}

/** The same of the weight's rows. With gates, half of a tile's columns are values, the others their gates. */
export function loadColumnsWgsl(shader: GemmShader): string[] {
  const { product, tile, held, threads } = shader;
  const half = tile.columns / 2;
  const column = product.gated
    ? `select(firstColumn + line, u.outColumns + firstColumn + line - ${half}u, line >= ${half}u)`
    : 'firstColumn + line';
  const isWanted = product.gated ? `firstColumn + line % ${half}u < u.outColumns` : 'column < u.columns';
  const read = 'read_weight_at(column, tap * (u.first + u.second) + offset + at)';
  return loadsOf(shader, tile.columns).map((i) =>
    guarded(
      shader,
      tile.columns,
      i,
      `let slot = index + ${i * threads[0] * threads[1]}u; let k = slot % ${tile.depth}u; let at = start + k; let line = slot / ${tile.depth}u;
      let column = ${column}; var loaded = ${held.columns}();
      if (${isWanted} && at < channels) { loaded = ${held.columns}(${read}); }
      ${keepWgsl(shader, 'columnTile', tile.columns, 'line')}`,
    ),
  );
}
