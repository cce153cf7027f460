import type { Weights } from '../checkpoint/weights.ts';
import { Graph, type GraphTarget, type Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import { perLevel, type UNet2DConditionConfig } from './config.ts';
import type { ControlNetConfig } from './controlnet-config.ts';
import { type ControlModes, controlTypeEmbedding, fuseMaps } from './controlnet-union.ts';
import { conv2d } from './layers.ts';
import type { UNetShape } from './unet.ts';
import { downBlocks, midBlock, toBatch } from './unet-encoder.ts';
import { unetInputs } from './unet-inputs.ts';

/** What a ControlNet is built for: that of its UNet, and whether the residuals of the levels count less (`guess_mode`). */
export interface ControlNetShape extends Omit<UNetShape, 'addends' | 'reuse'> {
  readonly isGuess: boolean;
  /** Of the maps of a Union, at least one; empty for any other, which has one map. */
  readonly modes: ControlModes;
}

/**
 * ControlNetModel or ControlNetUnionModel (diffusers models/controlnets) as one graph: what it adds to each of the UNet's skip
 * connections and to its mid block.
 *
 * The UNet's inputs, controlnet_cond float32 [1, 3, height · 2ⁿ, width · 2ⁿ] in 0 … 1, the map, n the halvings of its embedding, for
 * further maps of a Union controlnet_cond_1, _2, …, and conditioning_scale float32 [maps]; all are steady
 * → down_block_res_samples_0, _1, … and mid_block_res_sample, float32 [batch, C, h, w]; with global_pool_conditions [batch, C, 1, 1].
 * @throws AppError unsupported-model when the checkpoint's tensors are not those of the configuration
 */
export function controlNetModel(
  config: ControlNetConfig,
  weights: Weights,
  target: GraphTarget,
  { height, width, sequenceLength, batch, isGuess, modes }: ControlNetShape,
): Graph {
  const { unet: encoder, union } = config;
  const g = new Graph('controlnet', target);
  // 1. time
  const { sample, unet: asked } = unetInputs(g, encoder, weights, { height, width, sequenceLength, batch });
  const kinds = union && controlTypeEmbedding(g, weights.at('control_add_embedding'), encoder, union, modes);
  const unet = kinds ? { ...asked, temb: nn.add(g, asked.temb, kinds) } : asked;
  const { temb } = unet;

  // 2. pre-process
  const channels = encoder.block_out_channels[0] as number;
  const latents = conv2d(g, weights.at('conv_in'), nn.cast(g, sample, target.dtype), channels);
  const count = union ? modes.length : 1;
  const scale = nn.cast(g, g.steadyInput('conditioning_scale', 'float32', [count]), target.dtype);
  const maps = Array.from({ length: count }, (_, i) =>
    conditioningEmbedding(g, config, weights.at('controlnet_cond_embedding'), { height, width, map: i }),
  );
  const given = union
    ? fuseMaps(g, weights, maps, union, modes, count > 1 ? scale : null)
    : (maps[0] as Value);
  const both = nn.add(g, latents, given);
  const hidden = temb.shape[0] === batch ? toBatch(unet, both) : both;

  // 3. down
  const down = downBlocks(unet, weights, hidden);

  // 4. mid
  const mid = midBlock(unet, weights, down.hidden);

  // 5. Control net blocks, 6. scaling
  const guessed = isGuess && !config.global_pool_conditions ? guessFactors(down.skips.length) : null;
  const residual = (name: string, block: Weights, x: Value, i: number) => {
    let scaled = conv2d(g, block, x, x.shape[1] as number, { kernel: 1 });
    const factors = [
      ...(count === 1 ? [scale] : []),
      ...(guessed ? [nn.scalar(g, guessed[i] as number)] : []),
    ];
    if (factors.length > 0)
      scaled = nn.mul(
        g,
        scaled,
        factors.reduce((all, one) => nn.mul(g, all, one)),
      );
    const pooled = config.global_pool_conditions ? nn.mean(g, nn.mean(g, scaled, 2), 3) : scaled;
    g.output(name, nn.cast(g, toBatch(unet, pooled), 'float32'));
  };
  for (const [i, skip] of down.skips.entries())
    residual(`down_block_res_samples_${i}`, weights.at('controlnet_down_blocks', i), skip, i);
  residual('mid_block_res_sample', weights.at('controlnet_mid_block'), mid, down.skips.length);
  return g;
}

/** guess_mode's torch.logspace(-1, 0, n + 1): less for what is nearer to the pixels. */
const guessFactors = (n: number) => Array.from({ length: n + 1 }, (_, i) => Math.fround(10 ** (i / n - 1)));

/** The input of a map, counted from 0. */
export const conditionName = (map: number) => (map === 0 ? 'controlnet_cond' : `controlnet_cond_${map}`);

/** ControlNetConditioningEmbedding: the map → [1, C, height, width], C the first level's channels. */
function conditioningEmbedding(
  g: Graph,
  config: ControlNetConfig,
  w: Weights,
  { height, width, map: number }: { height: number; width: number; map: number },
): Value {
  const { conditioning_embedding_out_channels: widths, conditioning_channels: colours, unet } = config;
  const times = 2 ** (widths.length - 1);
  const name = conditionName(number);
  const map = g.steadyInput(name, 'float32', [1, colours, height * times, width * times]);
  let hidden = nn.silu(g, conv2d(g, w.at('conv_in'), nn.cast(g, map, g.target.dtype), widths[0] as number));
  for (const [i, next] of widths.slice(1).entries()) {
    hidden = nn.silu(g, conv2d(g, w.at('blocks', 2 * i), hidden, widths[i] as number));
    hidden = nn.silu(
      g,
      conv2d(g, w.at('blocks', 2 * i + 1), hidden, next, { stride: 2, pads: [1, 1, 1, 1] }),
    );
  }
  return conv2d(g, w.at('conv_out'), hidden, unet.block_out_channels[0] as number);
}

/** [C, h, w] of a UNet's skip connections, in the order they are made in, and then of its mid block: what residuals are added to. */
export function residualShapes(
  config: UNet2DConditionConfig,
  { height, width }: { readonly height: number; readonly width: number },
): readonly (readonly [number, number, number])[] {
  const { block_out_channels: channels, layers_per_block: layers, downsample_padding: padding } = config;
  const half = (n: number) => (padding ? Math.ceil(n / 2) : Math.floor(n / 2));
  const shapes: [number, number, number][] = [[channels[0] as number, height, width]];
  let [h, w] = [height, width];
  for (const [level, width] of channels.entries()) {
    for (let layer = 0; layer < perLevel(layers, level); layer++) shapes.push([width, h, w]);
    if (level === channels.length - 1) continue;
    [h, w] = [half(h), half(w)];
    shapes.push([width, h, w]);
  }
  return [...shapes, [channels.at(-1) as number, h, w]];
}
