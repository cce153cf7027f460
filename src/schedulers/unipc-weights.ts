const f = Math.fround;

/**
 * The weights of UniPC's update (Zhao et al. 2023, equation (11); diffusers scheduling_unipc_multistep.py).
 * In all of them `steps` are the places of the older model outputs on the step, in lambda, the step being 1; `hh` is the step's
 * length in lambda, negative where x₀ is predicted; `divisor` is the paper's B(h).
 */

/** Of the older outputs' differences from the newest, for the step that follows it. */
export function predictorWeights(steps: readonly number[], hh: number, divisor: number): number[] {
  if (steps.length === 0) return [];
  if (steps.length === 1) return [0.5];
  const { rows, right } = system(steps, hh, divisor, steps.length);
  return solve(
    rows.map((row) => row.slice(0, -1)),
    right,
  );
}

/** The same for a step whose output at the end is known, whose difference comes last. */
export function correctorWeights(steps: readonly number[], hh: number, divisor: number): number[] {
  if (steps.length === 0) return [0.5];
  const { rows, right } = system(steps, hh, divisor, steps.length + 1);
  return solve(rows, right);
}

/** R and b of the equation, one row for each order. */
function system(steps: readonly number[], hh: number, divisor: number, order: number) {
  let phi = f(f(f(Math.expm1(hh)) / hh) - 1);
  let factorial = 1;
  const rows: number[][] = [];
  const right: number[] = [];
  for (let k = 1; k <= order; k++) {
    rows.push([...steps, 1].map((r) => f(r ** (k - 1))));
    right.push(f(f(phi * factorial) / divisor));
    factorial *= k + 1;
    phi = f(f(phi / hh) - f(1 / factorial));
  }
  return { rows, right };
}

/** rows · x = right by Gaussian elimination; at most three unknowns. */
function solve(rows: readonly (readonly number[])[], right: readonly number[]): number[] {
  const matrix = rows.map((row, i) => [...row, right[i] as number]);
  const at = (i: number, j: number) => matrix[i]?.[j] as number;
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    const below = Array.from({ length: size - column }, (_, k) => column + k);
    const pivot = below.reduce((best, i) =>
      Math.abs(at(i, column)) > Math.abs(at(best, column)) ? i : best,
    );
    [matrix[column], matrix[pivot]] = [matrix[pivot] as number[], matrix[column] as number[]];
    for (const [i, row] of matrix.entries()) {
      if (i === column) continue;
      const factor = (row[column] as number) / at(column, column);
      matrix[i] = row.map((value, j) => value - factor * at(column, j));
    }
  }
  return matrix.map((row, i) => f((row[size] as number) / (row[i] as number)));
}
