/**
 * Cayley's transform of square blocks, (I + Q)(I − Q)⁻¹ with Q = B − Bᵀ, which turns any blocks into rotations (Qiu et al. 2023,
 * OFT). Computed in float64.
 * @param blocks [count, size, size]
 * @param limit the largest norm of all Q together, which are scaled down to it; 0 for none
 * @returns [count, size, size]
 */
export function cayley(blocks: Float32Array, size: number, limit: number): Float32Array {
  const area = size * size;
  const skew = Float64Array.from(blocks, (value, i) => {
    const [start, row, column] = [i - (i % area), Math.floor((i % area) / size), i % size];
    return value - (blocks[start + column * size + row] as number);
  });
  const norm = Math.sqrt(skew.reduce((sum, value) => sum + value * value, 0)) + 1e-8;
  const factor = limit > 0 && norm > limit ? limit / norm : 1;
  const result = new Float32Array(blocks.length);
  for (let start = 0; start < blocks.length; start += area) {
    const q = skew.subarray(start, start + area).map((value) => value * factor);
    result.set(rotation(q, size), start);
  }
  return result;
}

/** (I + Q)(I − Q)⁻¹, the same as (I − Q)⁻¹(I + Q). */
function rotation(q: Float64Array, size: number): Float64Array {
  const isDiagonal = (i: number) => i % (size + 1) === 0;
  const plus = q.map((value, i) => (isDiagonal(i) ? 1 : 0) + value);
  const minus = q.map((value, i) => (isDiagonal(i) ? 1 : 0) - value);
  eliminate(minus, plus, size);
  return plus;
}

/** Solves a X = b by Gauss and Jordan, the largest pivot first; X replaces b. I − Q of a skew Q is never singular. */
function eliminate(a: Float64Array, b: Float64Array, size: number): void {
  const at = (row: number, column: number) => a[row * size + column] as number;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column + 1; row < size; row++)
      if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row;
    for (const matrix of [a, b]) swapRows(matrix, pivot, column, size);
    const inverse = 1 / at(column, column);
    for (const matrix of [a, b]) addRow(matrix, column, column, inverse - 1, size);
    for (let row = 0; row < size; row++) {
      const factor = -at(row, column);
      if (row === column || factor === 0) continue;
      for (const matrix of [a, b]) addRow(matrix, row, column, factor, size);
    }
  }
}

/** Adds a multiple of the row `from` to the row `to`. */
function addRow(matrix: Float64Array, to: number, from: number, factor: number, size: number): void {
  for (let i = 0; i < size; i++)
    matrix[to * size + i] = (matrix[to * size + i] as number) + factor * (matrix[from * size + i] as number);
}

function swapRows(matrix: Float64Array, i: number, j: number, size: number): void {
  if (i === j) return;
  const kept = matrix.slice(i * size, (i + 1) * size);
  matrix.copyWithin(i * size, j * size, (j + 1) * size);
  matrix.set(kept, j * size);
}
