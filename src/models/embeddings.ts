import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { layerNorm, linear } from './layers.ts';

// torch's default of nn.LayerNorm, which TextTimeEmbedding uses.
const LAYER_NORM_EPSILON = 1e-5;
// 2π as a sum. The first part has nine significant bits, so its multiples by integers below 2¹⁵ are exact in float32.
const TWO_PI_HIGH = 6.28125;
const TWO_PI_LOW = 2 * Math.PI - TWO_PI_HIGH;

/**
 * get_timestep_embedding (diffusers models/embeddings.py) with max_period 10000, computed in float32.
 * timesteps float32 [N], 0 … 1000 → [N, dim] in the graph's dtype.
 */
export function timestepEmbedding(
  g: Graph,
  timesteps: Value,
  dim: number,
  { flipSinToCos, freqShift }: { flipSinToCos: boolean; freqShift: number },
): Value {
  const half = dim / 2;
  const count = timesteps.shape[0] as number;
  // As torch rounds it: the logarithm, the product, the quotient and the exponential, each to float32.
  const frequency = (i: number) =>
    Math.exp(Math.fround(Math.fround(Math.fround(-Math.log(10000)) * i) / (half - freqShift)));
  const frequencies = g.constant(
    Float32Array.from({ length: half }, (_, i) => frequency(i)),
    [1, half],
  );
  const angles = withinOneTurn(g, nn.mul(g, nn.reshape(g, timesteps, [count, 1]), frequencies));
  const [sin, cos] = [nn.sin(g, angles), nn.cos(g, angles)];
  return nn.cast(g, nn.concat(g, flipSinToCos ? [cos, sin] : [sin, cos], 1), g.target.dtype);
}

/** The same angles within −π … π, the range in which WGSL's sin and cos are accurate (https://www.w3.org/TR/WGSL, 15.7.4). */
function withinOneTurn(g: Graph, angles: Value): Value {
  const constant = (value: number) => g.constant(Float32Array.of(value), [1]);
  const nearest = nn.add(g, nn.mul(g, angles, constant(1 / (2 * Math.PI))), constant(0.5));
  const turns = nn.floor(g, nearest);
  const reduced = nn.sub(g, angles, nn.mul(g, turns, constant(TWO_PI_HIGH)));
  return nn.sub(g, reduced, nn.mul(g, turns, constant(TWO_PI_LOW)));
}

/**
 * TextTimeEmbedding (diffusers models/embeddings.py): the text encoders' states [B·T, D] → [B, features].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function textTimeEmbedding(
  g: Graph,
  w: Weights,
  states: Value,
  { batch, heads, features }: { batch: number; heads: number; features: number },
): Value {
  const normed = layerNorm(g, w.at('norm1'), states, LAYER_NORM_EPSILON);
  const pooled = attentionPooling(g, w.at('pool'), normed, { batch, heads });
  return layerNorm(g, w.at('norm2'), linear(g, w.at('proj'), pooled, features), LAYER_NORM_EPSILON);
}

/**
 * AttentionPooling (diffusers models/embeddings.py): x [B·T, D] → [B, D]. The query is the mean of a text's tokens plus a
 * learned position; keys and values are this mean and the tokens.
 */
function attentionPooling(
  g: Graph,
  w: Weights,
  x: Value,
  { batch, heads }: { batch: number; heads: number },
): Value {
  const [rows, width] = x.shape as [number, number];
  const tokens = nn.reshape(g, x, [batch, rows / batch, width]);
  const mean = nn.add(g, nn.mean(g, tokens, 1), w.get(g, 'positional_embedding', [1, width]));
  const all = nn.concat(g, [mean, tokens], 1);
  const project = (name: string, from: Value) => {
    const flat = nn.reshape(g, from, [batch * (from.shape[1] as number), width]);
    return nn.reshape(g, linear(g, w.at(name), flat, width), from.shape);
  };
  const query = project('q_proj', mean);
  const pooled = nn.attention(g, query, project('k_proj', all), project('v_proj', all), heads);
  return nn.reshape(g, pooled, [batch, width]);
}
