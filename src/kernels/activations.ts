import { vectorOf, type Width } from './kernel.ts';

/** What may follow a sum, element by element (torch.nn.functional's names). */
export type Activation = 'silu' | 'gelu' | 'quickGelu' | 'relu';

/** erf is Abramowitz and Stegun's 7.1.26, at most 1.5e-7 off. */
const BODIES: Readonly<Record<Activation, (vector: string) => string>> = {
  silu: () => 'return x / (1.0 + exp(-x));',
  quickGelu: () => 'return x / (1.0 + exp(-1.702 * x));',
  relu: (vector) => `return max(x, ${vector}());`,
  gelu: () => `let z = abs(x) * 0.7071067811865476;
  let t = 1.0 / (1.0 + 0.3275911 * z);
  let series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 * x * (1.0 + sign(x) * (1.0 - series * exp(-z * z)));`,
};

/** An activation in WGSL over `width` numbers: the function `NAMEwidth`, silu4. */
export function activationWgsl(activation: Activation, width: Width): string {
  const vector = vectorOf(width);
  return `fn ${activation}${width}(x: ${vector}) -> ${vector} {\n  ${BODIES[activation](vector)}\n}`;
}

/** The same in plain TypeScript. */
export const ACTIVATIONS: Readonly<Record<Activation, (x: number) => number>> = {
  silu: (x) => x / (1 + Math.exp(-x)),
  quickGelu: (x) => x / (1 + Math.exp(-1.702 * x)),
  relu: (x) => Math.max(x, 0),
  gelu: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
};

/** By its Taylor series; beyond 5 it is ±1 to fourteen digits. */
function erf(x: number): number {
  if (Math.abs(x) > 5) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let k = 1; k < 120; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
