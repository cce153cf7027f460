import type { Graph, Value } from '../onnx/graph.ts';
import * as nn from '../onnx/nn.ts';

/**
 * get_timestep_embedding (diffusers models/embeddings.py), max_period 10000, in float32.
 * timestep float32 [1] → [1, dim] in the graph's dtype.
 */
export function timestepEmbedding(
  g: Graph,
  timestep: Value,
  dim: number,
  { flipSinToCos, freqShift }: { flipSinToCos: boolean; freqShift: number },
): Value {
  const half = dim / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => Math.exp((-Math.log(10000) * i) / (half - freqShift)));
  const angles = nn.mul(g, g.constant(frequencies, [1, half]), nn.reshape(g, timestep, [1, 1]));
  const [sin, cos] = [g.op('Sin', [angles], angles.shape), g.op('Cos', [angles], angles.shape)];
  return nn.cast(g, nn.concat(g, flipSinToCos ? [cos, sin] : [sin, cos], 1), g.target.dtype);
}
