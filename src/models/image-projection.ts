import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { layerNorm, linear } from './layers.ts';

// torch's default, which all of these have.
const EPSILON = 1e-5;
/** Of each head of a Resampler; how many heads it has its weights tell. */
const HEAD_SIZE = 64;

/**
 * How an IP-Adapter makes tokens of a picture (`image_proj` of its file), and what it reads of the image encoder. `inputWidth` is that of
 * what it reads, `textWidth` that of the tokens.
 */
export type ImageProjection = { readonly inputWidth: number; readonly textWidth: number } & (
  | { readonly kind: 'plain' }
  | { readonly kind: 'full' }
  | {
      readonly kind: 'plus';
      readonly queries: number;
      readonly width: number;
      readonly heads: number;
      readonly depth: number;
    }
);

/** diffusers' ImageProjection makes so many tokens of one picture. */
const PLAIN_TOKENS = 4;

/** @param inputs how many vectors of a picture it reads @returns how many tokens of it come out */
export function projectedTokens(projection: ImageProjection, inputs: number): number {
  if (projection.kind === 'plain') return PLAIN_TOKENS;
  return projection.kind === 'full' ? inputs : projection.queries;
}

/**
 * ImageProjection, IPAdapterFullImageProjection and IPAdapterPlusImageProjection (diffusers models/embeddings.py), by the names in an
 * IP-Adapter's file, for one picture: image_embeds float32 [inputs, inputWidth] → ip_hidden_states float32 [T, textWidth].
 * @param weights of `image_proj`
 * @throws AppError unsupported-model when the file's tensors are others
 */
export function imageProjectionModel(
  projection: ImageProjection,
  weights: Weights,
  target: GraphTarget,
  inputs: number,
): Graph {
  const g = new Graph('image_projection', target);
  const given = nn.cast(g, g.input('image_embeds', 'float32', [inputs, projection.inputWidth]), target.dtype);
  g.output('ip_hidden_states', nn.cast(g, project(g, weights, given, projection), 'float32'));
  return g;
}

function project(g: Graph, w: Weights, given: Value, projection: ImageProjection): Value {
  const { textWidth } = projection;
  switch (projection.kind) {
    case 'plain': {
      const tokens = linear(g, w.at('proj'), given, PLAIN_TOKENS * textWidth);
      return layerNorm(g, w.at('norm'), nn.reshape(g, tokens, [PLAIN_TOKENS, textWidth]), EPSILON);
    }
    case 'full': {
      const wide = nn.gelu(g, linear(g, w.at('proj', 0), given, projection.inputWidth));
      return layerNorm(g, w.at('proj', 3), linear(g, w.at('proj', 2), wide, textWidth), EPSILON);
    }
    case 'plus':
      return resampler(g, w, given, projection);
  }
}

/** The Resampler of IP-Adapter Plus: x [inputs, inputWidth] → [queries, textWidth]. */
function resampler(
  g: Graph,
  w: Weights,
  given: Value,
  { queries, width, heads, depth, textWidth }: Extract<ImageProjection, { kind: 'plus' }>,
): Value {
  const x = linear(g, w.at('proj_in'), given, width);
  let latents = w.get(g, 'latents', [1, queries, width], [queries, width]);
  for (let i = 0; i < depth; i++) {
    const [attention, forward] = [w.at('layers', i, 0), w.at('layers', i, 1)];
    latents = nn.add(g, perceiverAttention(g, attention, x, latents, heads), latents);
    const wide = nn.gelu(
      g,
      linear(g, forward.at(1), layerNorm(g, forward.at(0), latents, EPSILON), width * 4),
    );
    latents = nn.add(g, linear(g, forward.at(3), wide, width), latents);
  }
  return layerNorm(g, w.at('norm_out'), linear(g, w.at('proj_out'), latents, textWidth), EPSILON);
}

/** The latents' attention to the picture and to themselves: x [inputs, C], latents [queries, C] → [queries, C]. */
function perceiverAttention(g: Graph, w: Weights, x: Value, latents: Value, heads: number): Value {
  const inner = heads * HEAD_SIZE;
  const asked = layerNorm(g, w.at('norm2'), latents, EPSILON);
  const seen = nn.concat(g, [layerNorm(g, w.at('norm1'), x, EPSILON), asked], 0);
  const q = nn.reshape(g, linear(g, w.at('to_q'), asked, inner), [1, latents.shape[0] as number, inner]);
  const both = linear(g, w.at('to_kv'), seen, 2 * inner);
  const [k, v] = nn.split(g, nn.reshape(g, both, [1, seen.shape[0] as number, 2 * inner]), 2, 2) as [
    Value,
    Value,
  ];
  const hidden = nn.reshape(g, nn.attention(g, q, k, v, heads), [latents.shape[0] as number, inner]);
  return linear(g, w.at('to_out'), hidden, latents.shape[1] as number);
}
