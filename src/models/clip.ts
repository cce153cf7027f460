import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import type { CLIPTextConfig } from './config.ts';
import { layerNorm, linear } from './layers.ts';

/** What a text encoder is built for. */
export interface TextShape {
  readonly batch: number;
  /** Tokens of a text. */
  readonly sequenceLength: number;
}

/** Which states of the encoder the diffusion model was trained with. */
export interface TextOutputs {
  /** How many layers at the end are left out: 0 returns the last one's states, 1 the penultimate's. */
  readonly skip: number;
  /** Whether final_layer_norm is applied to them. */
  readonly normed: boolean;
  /** CLIPTextModelWithProjection: one vector of the whole text as well. */
  readonly pooled: boolean;
  /** Whether the embeddings of some tokens are inputs (textual inversion). */
  readonly injected: boolean;
}

/**
 * What is added to the attention's scores, [1, 1, length, length]: 0 at and before the query's position, the lowest number
 * after it.
 */
function causalMask(g: Graph, length: number): Value {
  const lowest = g.target.dtype === 'float16' ? -65504 : -3.4028234663852886e38;
  const mask = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? lowest : 0,
  );
  return nn.cast(g, g.constant(mask, [1, 1, length, length]), g.target.dtype);
}

/**
 * CLIPTextModel and CLIPTextModelWithProjection (transformers models/clip/modeling_clip.py).
 *
 * input_ids int32 [batch, T] → encoder_hidden_states float32 [batch, T, D];
 * `pooled` adds the input eos_rows int32 [batch], the row of each text's end in [batch·T], and the output text_embeds
 * float32 [batch, projection_dim];
 * `injected` adds the inputs injected_states float32 [batch, T, D] and injected_keep float32 [batch, T, 1]: a token's
 * embedding is multiplied by its keep (0 or 1), then its injected state is added.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function clipTextModel(
  config: CLIPTextConfig,
  weights: Weights,
  target: GraphTarget,
  { batch, sequenceLength }: TextShape,
  { skip, normed, pooled, injected }: TextOutputs,
): Graph {
  const g = new Graph('text_encoder', target);
  const { hidden_size: width, layer_norm_eps: epsilon } = config;
  const rows = batch * sequenceLength;
  // Files written by transformers 5 have no prefix.
  const prefixed = weights.at('text_model');
  const w = prefixed.has('final_layer_norm.weight') ? prefixed : weights;

  let hidden = tokenEmbeddings(g, w.at('embeddings'), config, { batch, sequenceLength }, injected);
  let states = hidden;
  const mask = causalMask(g, sequenceLength);
  const wanted = config.num_hidden_layers - skip;
  for (let i = 0; i < (pooled ? config.num_hidden_layers : wanted); i++) {
    const layer = w.at('encoder', 'layers', i);
    hidden = encoderLayer(g, layer, hidden, mask, config, { batch, sequenceLength });
    if (i === wanted - 1) states = hidden;
  }

  const norm = (x: Value) => layerNorm(g, w.at('final_layer_norm'), x, epsilon);
  const result = normed ? norm(states) : states;
  const shape = [batch, sequenceLength, width];
  g.output('encoder_hidden_states', nn.cast(g, nn.reshape(g, result, shape), 'float32'));
  if (pooled) {
    const ends = g.input('eos_rows', 'int32', [batch]);
    const last = nn.gather(g, nn.reshape(g, norm(hidden), [rows, width]), ends);
    const projected = linear(g, weights.at('text_projection'), last, config.projection_dim);
    g.output('text_embeds', nn.cast(g, projected, 'float32'));
  }
  return g;
}

/** CLIPTextEmbeddings: the input input_ids int32 [batch, T] → [batch·T, D]. */
function tokenEmbeddings(
  g: Graph,
  w: Weights,
  { vocab_size, max_position_embeddings, hidden_size: width }: CLIPTextConfig,
  { batch, sequenceLength }: TextShape,
  injected: boolean,
): Value {
  const shape = [batch, sequenceLength, width];
  const ids = g.input('input_ids', 'int32', [batch, sequenceLength]);
  const words = w.get(g, 'token_embedding.weight', [vocab_size, width]);
  const places = w.get(g, 'position_embedding.weight', [max_position_embeddings, width]);
  const positions = g.constant(
    Int32Array.from({ length: sequenceLength }, (_, i) => i),
    [sequenceLength],
  );
  let embedded = nn.gather(g, words, ids);
  if (injected) {
    const keep = nn.cast(g, g.input('injected_keep', 'float32', [batch, sequenceLength, 1]), g.target.dtype);
    const states = nn.cast(g, g.input('injected_states', 'float32', shape), g.target.dtype);
    embedded = nn.add(g, nn.mul(g, embedded, keep), states);
  }
  const placed = nn.gather(g, places, positions);
  return nn.reshape(g, nn.add(g, embedded, placed), [batch * sequenceLength, width]);
}

/** What CLIP's layers for texts and for pictures have in common. */
type CLIPLayerConfig = Pick<
  CLIPTextConfig,
  'hidden_size' | 'intermediate_size' | 'num_attention_heads' | 'hidden_act' | 'layer_norm_eps'
>;

/**
 * CLIPEncoderLayer: hidden [batch·T, D], mask [1, 1, T, T] or none → [batch·T, D].
 * @throws AppError unsupported-model when a tensor is missing or of another shape
 */
export function encoderLayer(
  g: Graph,
  w: Weights,
  hidden: Value,
  mask: Value | undefined,
  config: CLIPLayerConfig,
  { batch, sequenceLength }: TextShape,
): Value {
  const { hidden_size: width, layer_norm_eps: epsilon, num_attention_heads: heads } = config;
  const activation = config.hidden_act === 'gelu' ? nn.gelu : nn.quickGelu;
  const normed = layerNorm(g, w.at('layer_norm1'), hidden, epsilon);
  const project = (name: string) =>
    nn.reshape(g, linear(g, w.at('self_attn', name), normed, width), [batch, sequenceLength, width]);
  const attended = nn.attention(g, project('q_proj'), project('k_proj'), project('v_proj'), heads, mask);
  const rows = nn.reshape(g, attended, hidden.shape);
  const mixed = nn.add(g, hidden, linear(g, w.at('self_attn', 'out_proj'), rows, width));
  const inner = layerNorm(g, w.at('layer_norm2'), mixed, epsilon);
  const wide = activation(g, linear(g, w.at('mlp', 'fc1'), inner, config.intermediate_size));
  return nn.add(g, mixed, linear(g, w.at('mlp', 'fc2'), wide, width));
}
