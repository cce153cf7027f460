import { vectorOf, type Width } from './kernel.ts';

/**
 * `sineW` and `cosineW` over W numbers, within 1e-6 for |x| up to some thousand: WGSL's own may be off by 2⁻¹¹, and are.
 * x is brought within π/4 of a multiple of π/2, in three pieces of which the first two multiply exactly; then Taylor's series.
 */
export function trigonometryWgsl(width: Width): string {
  const vector = vectorOf(width);
  const integers = width === 1 ? 'i32' : `vec${width}<i32>`;
  const at = (quadrant: number, name: string) => `
fn ${name}${width}(x: ${vector}) -> ${vector} {
  let turns = round(x * 0.6366197723675814);
  let y = ((x - turns * 1.5703125) - turns * 4.837512969970703e-4) - turns * 7.549789948768648e-8;
  let z = y * y;
  let sine = y * (1.0 + z * (-0.16666666666 + z * (0.0083333333 + z * (-1.984126984e-4 + z * 2.755731922e-6))));
  let cosine = 1.0 + z * (-0.5 + z * (0.041666666666 + z * (-0.001388888889 + z * (2.480158730e-5 + z * -2.755731922e-7))));
  let quadrant = (${integers}(turns) + ${quadrant}) & ${integers}(3);
  let value = select(sine, cosine, (quadrant & ${integers}(1)) == ${integers}(1));
  return select(value, -value, quadrant >= ${integers}(2));
}`;
  return at(0, 'sine') + at(1, 'cosine');
}
