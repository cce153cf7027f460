import * as v from 'valibot';
import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { epsilon, whole } from '../numerics/bounds.ts';
import { encoderLayer } from './clip.ts';
import { across, layers, only, unquantized, width } from './config-parts.ts';
import { layerNorm, linear } from './layers.ts';

/** The config.json of CLIPVisionModelWithProjection, with transformers' keys and defaults. */
export const CLIPVisionConfig = v.pipe(
  v.object({
    ...unquantized,
    hidden_size: v.optional(width, 768),
    intermediate_size: v.optional(width, 3072),
    projection_dim: v.optional(width, 512),
    num_hidden_layers: v.optional(layers, 12),
    num_attention_heads: v.optional(width, 12),
    num_channels: only(3),
    /** Both sides of the picture, and of one of its patches, in pixels. */
    image_size: v.optional(whole(1, 2048), 224),
    patch_size: v.optional(whole(1, 2048), 32),
    hidden_act: v.optional(v.picklist(['quick_gelu', 'gelu']), 'quick_gelu'),
    layer_norm_eps: v.optional(epsilon, 1e-5),
  }),
  across(
    'num_attention_heads',
    'a divisor of hidden_size',
    (c) => c.hidden_size % c.num_attention_heads === 0,
  ),
  across('image_size', 'as large as a patch at the least', (c) => c.image_size >= c.patch_size),
);
export type CLIPVisionConfig = v.InferOutput<typeof CLIPVisionConfig>;

/** The numbers of each patch of a picture, and how many patches it has. */
export function patchShape({ image_size, patch_size }: CLIPVisionConfig): readonly [number, number] {
  return [Math.floor(image_size / patch_size) ** 2, 3 * patch_size ** 2];
}

/** How many tokens a picture becomes: its patches, and one for the whole. */
export const pictureTokens = (config: CLIPVisionConfig): number => patchShape(config)[0] + 1;

/**
 * CLIPVisionModelWithProjection (transformers models/clip/modeling_clip.py) for one picture: patches float32
 * [N, 3 · patch_size²], the normalised picture cut into squares, row by row, each [3, patch_size, patch_size]
 * → image_embeds float32 [1, projection_dim], one vector of the whole picture, and hidden_states float32 [N + 1, hidden_size] of the
 * last layer but one, as they are: IP-Adapters read the one or the other.
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function clipVisionModel(config: CLIPVisionConfig, weights: Weights, target: GraphTarget): Graph {
  const g = new Graph('image_encoder', target);
  const { hidden_size: channels, layer_norm_eps: epsilon, patch_size: side } = config;
  const [count, numbers] = patchShape(config);
  const sequenceLength = count + 1;
  const w = weights.at('vision_model');

  // CLIPVisionEmbeddings: the convolution's stride is its kernel, so it is a product.
  const patches = nn.cast(g, g.input('patches', 'float32', [count, numbers]), target.dtype);
  const embeddings = w.at('embeddings');
  const kernel = embeddings
    .at('patch_embedding')
    .getFactor(g, 'weight', [channels, 3, side, side], [channels, numbers]);
  const whole = embeddings.get(g, 'class_embedding', [channels], [1, channels]);
  const places = embeddings.at('position_embedding').get(g, 'weight', [sequenceLength, channels]);
  const embedded = nn.concat(g, [whole, nn.linear(g, patches, { weight: kernel })], 0);
  let hidden = layerNorm(g, w.at('pre_layrnorm'), nn.add(g, embedded, places), epsilon);

  let penultimate = hidden;
  for (let i = 0; i < config.num_hidden_layers; i++) {
    penultimate = hidden;
    const shape = { batch: 1, sequenceLength };
    hidden = encoderLayer(g, w.at('encoder', 'layers', i), hidden, undefined, config, shape);
  }
  const first = nn.gather(g, hidden, g.constant(Int32Array.of(0), [1]));
  const normed = layerNorm(g, w.at('post_layernorm'), first, epsilon);
  const projected = linear(g, weights.at('visual_projection'), normed, config.projection_dim);
  g.output('image_embeds', nn.cast(g, projected, 'float32'));
  g.output('hidden_states', nn.cast(g, penultimate, 'float32'));
  return g;
}
