import type { Graph, Value } from '../onnx/graph.ts';
import * as nn from '../onnx/nn.ts';

// 2π in two parts. The first has nine significant bits, so whole multiples of it below 2¹⁵ are exact in float32.
const TWO_PI_HIGH = 6.28125;
const TWO_PI_LOW = 2 * Math.PI - TWO_PI_HIGH;

/**
 * get_timestep_embedding (diffusers models/embeddings.py), max_period 10000, in float32.
 * timesteps float32 [N] → [N, dim] in the graph's dtype.
 */
export function timestepEmbedding(
  g: Graph,
  timesteps: Value,
  dim: number,
  { flipSinToCos, freqShift }: { flipSinToCos: boolean; freqShift: number },
): Value {
  const half = dim / 2;
  const count = timesteps.shape[0] as number;
  // As torch rounds it: the logarithm, the product, the quotient and the exponential each in float32.
  const frequency = (i: number) =>
    Math.exp(Math.fround(Math.fround(Math.fround(-Math.log(10000)) * i) / (half - freqShift)));
  const frequencies = g.constant(
    Float32Array.from({ length: half }, (_, i) => frequency(i)),
    [1, half],
  );
  const angles = withinOneTurn(g, outer(g, nn.reshape(g, timesteps, [count, 1]), frequencies));
  const [sin, cos] = [g.op('Sin', [angles], angles.shape), g.op('Cos', [angles], angles.shape)];
  return nn.cast(g, nn.concat(g, flipSinToCos ? [cos, sin] : [sin, cos], 1), g.target.dtype);
}

/** column [N, 1] times row [1, M]. */
const outer = (g: Graph, column: Value, row: Value): Value =>
  g.op('Mul', [column, row], [column.shape[0] as number, row.shape[1] as number]);

/** The same angles in [−π, π]: beyond it WGSL promises no accuracy of sin and cos (https://www.w3.org/TR/WGSL, 15.7.4). */
function withinOneTurn(g: Graph, angles: Value): Value {
  const constant = (value: number) => g.constant(Float32Array.of(value), [1]);
  const nearest = nn.add(g, nn.mul(g, angles, constant(1 / (2 * Math.PI))), constant(0.5));
  const turns = g.op('Floor', [nearest], angles.shape);
  const reduced = nn.sub(g, angles, nn.mul(g, turns, constant(TWO_PI_HIGH)));
  return nn.sub(g, reduced, nn.mul(g, turns, constant(TWO_PI_LOW)));
}
