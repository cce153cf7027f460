import type { Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import type { UNet2DConditionConfig } from './config.ts';
import { timestepEmbedding } from './embeddings.ts';
import { layerNorm, linear } from './layers.ts';

// torch's default of nn.LayerNorm.
const LAYER_NORM_EPSILON = 1e-5;

/** What a ControlNetUnionModel has beside a ControlNet's parts. */
export interface UnionParts {
  /** num_control_type: how many kinds of maps it knows. */
  readonly types: number;
  /** num_trans_layer. */
  readonly layers: number;
}

/** Maps for a Union: of which of its kinds each is, from 0 on (control_mode). */
export type ControlModes = readonly number[];

/** control_type_proj and control_add_embedding: the kinds of the maps that it is given, as a part of the time embedding, [1, features]. */
export function controlTypeEmbedding(
  g: Graph,
  w: Weights,
  config: UNet2DConditionConfig,
  { types }: UnionParts,
  modes: ControlModes,
): Value {
  const kind = { flipSinToCos: config.flip_sin_to_cos, freqShift: config.freq_shift };
  const flags = g.constant(
    Float32Array.from({ length: types }, (_, type) => Number(modes.includes(type))),
    [types],
  );
  const width = config.addition_time_embed_dim as number;
  const embedded = nn.reshape(g, timestepEmbedding(g, flags, width, kind), [1, types * width]);
  const features = (config.block_out_channels[0] as number) * 4;
  const first = linear(g, w.at('linear_1'), embedded, features);
  return linear(g, w.at('linear_2'), nn.silu(g, first), features);
}

/**
 * controlnet_cond_fuser: what a Union adds to the latents of its maps, embedded to [1, C, h, w] each → [1, C, h, w]. To each map a
 * vector is added in every place: its token, which is its mean and its kind's own, goes through the transformer (`transformer_layes`).
 * diffusers' attends over the batch, and not over the tokens (nn.MultiheadAttention without batch_first). Since all rows are equal, as they
 * are for the halves of guidance, each token attends to itself, which leaves of the attention its values and the last projection.
 * @param w of the whole ControlNet
 * @param scale how strong each map is, [maps]; of one alone diffusers scales the results instead, and this is null
 */
export function fuseMaps(
  g: Graph,
  w: Weights,
  maps: readonly Value[],
  { types, layers }: UnionParts,
  modes: ControlModes,
  scale: Value | null,
): Value {
  const channels = maps[0]?.shape[1] as number;
  const tasks = w.get(g, 'task_embedding', [types, channels]);
  const scales = scale && nn.split(g, scale, maps.length, 0);
  const scaled = (x: Value, i: number) => (scales ? nn.mul(g, x, scales[i] as Value) : x);
  const fused = maps.map((map, i) => {
    const mean = nn.reshape(g, nn.mean(g, nn.mean(g, map, 2), 3), [1, channels]);
    let token = scaled(nn.add(g, mean, rowOf(g, tasks, modes[i] as number)), i);
    for (let layer = 0; layer < layers; layer++)
      token = attentionToItself(g, w.at('transformer_layes', layer), token);
    const shift = scaled(linear(g, w.at('spatial_ch_projs'), token, channels), i);
    return nn.add(g, scaled(map, i), nn.reshape(g, shift, [1, channels, 1, 1]));
  });
  return fused.reduce((sum, map) => nn.add(g, sum, map));
}

/** table [N, C] → its row [1, C], by a product: kernels read it where it is. */
function rowOf(g: Graph, table: Value, row: number): Value {
  const rows = table.shape[0] as number;
  const flags = g.constant(
    Float32Array.from({ length: rows }, (_, i) => Number(i === row)),
    [1, rows],
  );
  return nn.matmul(g, nn.cast(g, flags, g.target.dtype), table);
}

/** ResidualAttentionBlock of one token: x [1, C] → [1, C]. */
function attentionToItself(g: Graph, w: Weights, x: Value): Value {
  const channels = x.shape[1] as number;
  const attention = w.at('attn');
  const projection = {
    weight: attention.get(g, 'in_proj_weight', [3 * channels, channels]),
    bias: attention.get(g, 'in_proj_bias', [3 * channels]),
  };
  const projected = nn.linear(g, layerNorm(g, w.at('ln_1'), x, LAYER_NORM_EPSILON), projection);
  const [, , value] = nn.split(g, projected, 3, 1) as [Value, Value, Value];
  const first = nn.add(g, x, linear(g, attention.at('out_proj'), value, channels));
  const normed = layerNorm(g, w.at('ln_2'), first, LAYER_NORM_EPSILON);
  const inside = nn.quickGelu(g, linear(g, w.at('mlp', 'c_fc'), normed, 4 * channels));
  return nn.add(g, first, linear(g, w.at('mlp', 'c_proj'), inside, channels));
}
