const f = Math.fround;

/** A weight, and the values [n] it multiplies. */
export type Term = readonly [weight: number, values: Float32Array];

/** w₀ v₀ + w₁ v₁ + … of values [n] → [n], from left to right, every operation rounded to float32 as torch rounds it. */
export function weightedSum([first, ...rest]: readonly [Term, ...Term[]]): Float32Array {
  const sum = first[1].map((x) => first[0] * x);
  for (const [weight, values] of rest) {
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + f(weight * (values[i] as number));
  }
  return sum;
}

/** weight · (a − b) of a and b [n] → [n], rounded in the same way. */
export function weightedDifference(weight: number, a: Float32Array, b: Float32Array): Float32Array {
  return a.map((x, i) => weight * f(x - (b[i] as number)));
}
