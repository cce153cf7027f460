import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type OnnxModel, type Value } from '../onnx/graph.ts';
import * as nn from '../onnx/nn.ts';
import type { CLIPTextConfig } from './config.ts';
import { layerNorm, linear } from './layers.ts';

export interface TextShape {
  readonly batch: number;
  readonly sequenceLength: number;
}

/** What is added to the scores: nothing at or before the query's position, the lowest number after it. */
function causalMask(g: Graph, length: number): Value {
  const lowest = g.target.dtype === 'float16' ? -65504 : -3.4028234663852886e38;
  const mask = Float32Array.from({ length: length * length }, (_, i) =>
    i % length > Math.floor(i / length) ? lowest : 0,
  );
  return nn.cast(g, g.constant(mask, [1, 1, length, length]), g.target.dtype);
}

/**
 * CLIPTextModel (transformers models/clip/modeling_clip.py):
 * input_ids int32 [batch, T] → last_hidden_state float32 [batch, T, D], after the final layer norm.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function clipTextModel(
  config: CLIPTextConfig,
  weights: Weights,
  target: GraphTarget,
  { batch, sequenceLength }: TextShape,
): OnnxModel {
  const g = new Graph('text_encoder', target);
  const { hidden_size: width, layer_norm_eps: epsilon, num_attention_heads: heads } = config;
  const rows = batch * sequenceLength;
  const w = weights.at('text_model');
  const activation = config.hidden_act === 'gelu' ? nn.gelu : nn.quickGelu;

  const ids = g.input('input_ids', 'int32', [batch, sequenceLength]);
  const words = w.get(g, 'embeddings.token_embedding.weight', [config.vocab_size, width]);
  const places = w.get(g, 'embeddings.position_embedding.weight', [config.max_position_embeddings, width]);
  const positions = g.constant(
    Int32Array.from({ length: sequenceLength }, (_, i) => i),
    [sequenceLength],
  );
  const embedded = g.op('Gather', [words, ids], [batch, sequenceLength, width]);
  const placed = g.op('Gather', [places, positions], [sequenceLength, width]);
  let hidden = nn.reshape(g, nn.add(g, embedded, placed), [rows, width]);
  const mask = causalMask(g, sequenceLength);

  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = w.at('encoder', 'layers', i);
    const normed = layerNorm(g, layer.at('layer_norm1'), hidden, epsilon);
    const project = (name: string) =>
      nn.reshape(g, linear(g, layer.at('self_attn', name), normed, width), [batch, sequenceLength, width]);
    const attended = nn.attention(g, project('q_proj'), project('k_proj'), project('v_proj'), heads, mask);
    const mixed = linear(g, layer.at('self_attn', 'out_proj'), nn.reshape(g, attended, [rows, width]), width);
    hidden = nn.add(g, hidden, mixed);
    const inner = linear(
      g,
      layer.at('mlp', 'fc1'),
      layerNorm(g, layer.at('layer_norm2'), hidden, epsilon),
      config.intermediate_size,
    );
    hidden = nn.add(g, hidden, linear(g, layer.at('mlp', 'fc2'), activation(g, inner), width));
  }

  hidden = layerNorm(g, w.at('final_layer_norm'), hidden, epsilon);
  g.output('last_hidden_state', nn.cast(g, nn.reshape(g, hidden, [batch, sequenceLength, width]), 'float32'));
  return g.encode();
}
