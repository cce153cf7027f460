/**
 * Mean and variance in WGSL without cancellation (Welford 1962; merged as by Chan, Golub and LeVeque 1979). Moments are
 * `vec3<f32>`: how many numbers, their mean, the sum of the squares of their distances from it.
 *
 * `merge_moments(a, b)` gives those of both together. `moments_of_lanes(index, own)` gives those of all invocations that have
 * the same index / lanes; it holds barriers.
 * @param threads in a workgroup
 * @param lanes a power of two
 */
export const momentsWgsl = (threads: number, lanes: number): string => `
var<workgroup> moments: array<vec3<f32>, ${threads}>;
fn merge_moments(a: vec3<f32>, b: vec3<f32>) -> vec3<f32> {
  let count = a.x + b.x;
  let part = b.x / max(count, 1.0);
  let distance = b.y - a.y;
  return vec3<f32>(count, a.y + distance * part, a.z + b.z + distance * distance * a.x * part);
}
fn moments_of_lanes(index: u32, own: vec3<f32>) -> vec3<f32> {
  moments[index] = own;
  for (var half = ${lanes / 2}u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (index % ${lanes}u < half) { moments[index] = merge_moments(moments[index], moments[index + half]); }
  }
  workgroupBarrier();
  return moments[index / ${lanes}u * ${lanes}u];
}`;

/**
 * `count`, `mean` and `squares` of the vectors that an invocation meets: declared, and then `meet(x)` for each. They are kept
 * for each of the vector's components by itself.
 */
export const declareMoments = (vector: string): string =>
  `  var count = 0.0; var mean = ${vector}(); var squares = ${vector}();`;

export const meet = (x: string): string =>
  `{ count += 1.0; let distance = ${x} - mean; mean += distance / count; squares += distance * (${x} - mean); }`;

/** The moments of all components together, as an expression. */
export function ownMoments(width: 1 | 2 | 4): string {
  const one = (component: string) => `vec3<f32>(count, mean${component}, squares${component})`;
  const both = (a: string, b: string) => `merge_moments(${a}, ${b})`;
  if (width === 1) return one('');
  if (width === 2) return both(one('.x'), one('.y'));
  return both(both(one('.x'), one('.y')), both(one('.z'), one('.w')));
}
