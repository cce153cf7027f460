import { rowStateWgsl } from './gemm-load.ts';
import { chunksWgsl } from './gemm-main.ts';
import { type GemmShader, times } from './gemm-shader.ts';
import { widthOf } from './kernel.ts';
import { type Gemm, innerWidth, type MatrixTile, type Tile } from './product.ts';
import { isHalfWeight } from './weight-storage.ts';

/** What a shader with subgroup matrices begins with. Who multiplies what depends on the subgroup, not on the invocation. */
export const MATRIX_DIRECTIVES = [
  'diagnostic(off, chromium.subgroup_matrix_uniformity);',
  'enable chromium_experimental_subgroup_matrix;',
];

/** Whether workgroup memory may hold a product's numbers as float16. */
export const isHalfProduct = ({ inputs, weight }: Gemm): boolean =>
  inputs.every(({ storage }) => storage === 'float16') && isHalfWeight(weight);

/** Whether subgroup matrices can compute a product: float16, read four at a time. */
export const takesMatrices = (product: Gemm): boolean => isHalfProduct(product) && innerWidth(product) === 4;

/**
 * The entry point of a product by subgroup matrices. A workgroup loads as the plain one does (gemm-main.ts), but keeps each row's
 * numbers beside each other; its subgroups multiply. What is normalised on the way is rounded to float16, as PyTorch does. The sums
 * go through workgroup memory, matrix by matrix, to what follows.
 */
export function matrixMainWgsl(product: Gemm, tile: Tile, isSplit: boolean): string {
  const matrix = tile.matrix as MatrixTile;
  const { subgroup, subgroups } = matrix;
  const [m, n] = matrix.size;
  const shader: GemmShader = {
    ...{ product, tile, isSplit, width: 4, held: { rows: 'vec4<f16>', columns: 'vec4<f16>' } },
    threads: [subgroup * subgroups, 1],
  };
  const inner = 4 * tile.depth;
  const counts = [tile.rows / subgroups / m, tile.columns / n] as const;
  const sums = times(counts[0], (i) =>
    times(counts[1], (j) => `var s${i}_${j}: subgroup_matrix_result<f32, ${n}, ${m}>;`),
  );
  return `
var<workgroup> rowTile: array<f16, ${inner * tile.rows}>;
var<workgroup> columnTile: array<f16, ${inner * tile.columns}>;
var<workgroup> sumTile: array<f32, ${subgroups * (product.gated ? 2 : 1) * m * n}>;

${keepWgsl(shader, matrix)}

@compute @workgroup_size(${subgroup * subgroups})
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) index: u32) {
  let firstRow = group.y * ${tile.rows}u;
  let firstColumn = group.x * ${product.gated ? tile.columns / 2 : tile.columns}u;
  let subgroup = index / ${subgroup}u;
  let lane = index % ${subgroup}u;
${sums.map((row) => `  ${row.join(' ')}`).join('\n')}
  ${rowStateWgsl(shader).join('\n  ')}
${chunksWgsl(shader, multiplyWgsl(matrix, inner, counts))}
${storesWgsl(shader, matrix, counts)}
}`;
}

function multiplyWgsl(
  { size: [m, n, k] }: MatrixTile,
  inner: number,
  [rows, columns]: readonly [number, number],
): string {
  const left = times(rows, (i) => {
    const at = `(subgroup * ${rows * m}u + ${i * m}u) * ${inner}u + k`;
    return `      let a${i} = subgroupMatrixLoad<subgroup_matrix_left<f16, ${k}, ${m}>, row_major>(&rowTile, ${at}, ${inner}u);`;
  });
  const right = times(columns, (j) => {
    const sums = times(rows, (i) => `s${i}_${j} = subgroupMatrixMultiplyAccumulate(a${i}, b, s${i}_${j});`);
    return `      { let b = subgroupMatrixLoad<subgroup_matrix_right<f16, ${n}, ${k}>, col_major>(&columnTile, ${j * n * inner}u + k, ${inner}u); ${sums.join(' ')} }`;
  });
  return [`    for (var k = 0u; k < ${inner}u; k += ${k}u) {`, ...left, ...right, '    }'].join('\n');
}

/** `keep(subgroup, lane, firstRow, firstColumn)`: a subgroup's sums from workgroup memory to the result, or to the splits' sums. */
function keepWgsl(
  { product, isSplit }: GemmShader,
  { size: [m, n], subgroup, subgroups }: MatrixTile,
): string {
  const { gated = false, columns } = product;
  const pair = !isSplit && widthOf(gated ? columns / 2 : columns) > 1;
  const sum = (base: number) => `sumTile[${base}u + at]`;
  const read = (base: number) => (pair ? `vec2<f32>(${sum(base)}, sumTile[${base + 1}u + at])` : sum(base));
  const gate = subgroups * m * n;
  const write = (base: string, value: string) =>
    `write_sums((split * u.rows + row) * u.columns + ${base}column, ${value});`;
  const kept = isSplit
    ? `${write('', sum(0))}${gated ? ` ${write('u.outColumns + ', sum(gate))}` : ''}`
    : `finish(row, column, ${read(0)}${gated ? `, ${read(gate)}` : ''});`;
  return `fn keep(subgroup: u32, lane: u32, split: u32, firstRow: u32, firstColumn: u32) {
  for (var i = lane; i < ${(m * n) / (pair ? 2 : 1)}u; i += ${subgroup}u) {
    let place = ${pair ? '2u * i' : 'i'};
    let at = subgroup * ${m * n}u + place;
    let row = firstRow + place / ${n}u;
    let column = firstColumn + place % ${n}u;
    if (row < u.rows && column < u.outColumns) { ${kept} }
  }
}`;
}

/** Each sum, with its gate where there are gates, to workgroup memory, and from there to where it is kept. */
function storesWgsl(
  { product: { gated = false } }: GemmShader,
  { size: [m, n], subgroups }: MatrixTile,
  [rows, columns]: readonly [number, number],
): string {
  const values = gated ? columns / 2 : columns;
  const store = (i: number, j: number, base: number) =>
    `subgroupMatrixStore<row_major>(&sumTile, ${base}u + subgroup * ${m * n}u, s${i}_${j}, ${n}u);`;
  const stores = times(rows, (i) =>
    times(values, (j) =>
      [
        `  ${store(i, j, 0)} ${gated ? store(i, j + values, subgroups * m * n) : ''}`,
        '  workgroupBarrier();',
        `  keep(subgroup, lane, group.z, firstRow + subgroup * ${rows * m}u + ${i * m}u, firstColumn + ${j * n}u);`,
        '  workgroupBarrier();',
      ].join('\n'),
    ),
  );
  return stores.flat().join('\n');
}
