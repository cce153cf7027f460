import { type Tensors, Weights } from '../checkpoint/weights.ts';
import type { Graph, Value } from '../graph/graph.ts';
import * as nn from '../graph/nn.ts';
import type { UNet2DConditionConfig } from './config.ts';
import {
  levelOf,
  type TransformerPlace,
  transformerLayers,
  transformerPlaces,
} from './transformer-places.ts';

/** What an IP-Adapter gives one of a UNet's attentions to the text. */
export interface IpAttention {
  /** The pictures' tokens, [batch·S, D]. */
  readonly states: Value;
  /** Of to_k_ip and to_v_ip. */
  readonly weights: Weights;
  /** [1], in the graph's dtype. */
  readonly scale: Value;
}

/** What IP-Adapters give the attention of a transformer block, in the adapters' order. */
export type IpAttentions = (place: TransformerPlace, block: number) => readonly IpAttention[];

/** What a UNet's graph depends on of an IP-Adapter, beside its weights. */
export interface IpAdapterShape {
  /** Tells its content from any other's. */
  readonly hash: string;
  /** Tokens of all its pictures. */
  readonly tokens: number;
}

/** [C, D] of each attention's to_k_ip and to_v_ip, by their names in a file: `ip_adapter.1.to_k_ip.weight` and so on. */
export function ipAdapterShapes(
  config: UNet2DConditionConfig,
): ReadonlyMap<string, readonly [number, number]> {
  const { block_out_channels: channels, cross_attention_dim: text } = config;
  const widths = transformerPlaces(config).flatMap(
    (place) => Array(transformerLayers(config, place)).fill(channels[levelOf(config, place)]) as number[],
  );
  return new Map(
    widths.flatMap((width, i) =>
      ['to_k_ip', 'to_v_ip'].map(
        (name) => [`ip_adapter.${2 * i + 1}.${name}.weight`, [width, text]] as const,
      ),
    ),
  );
}

/**
 * Adds the inputs of IP-Adapters to a UNet's graph, all of them steady: of the i-th ip_hidden_states_{i} float32 [batch, tokens, D] and
 * ip_adapter_scale_{i} float32 [transformers], in the order of `transformerPlaces`.
 * @param tensors of each adapter's file
 */
export function ipAdapterInputs(
  g: Graph,
  config: UNet2DConditionConfig,
  batch: number,
  adapters: readonly IpAdapterShape[],
  tensors: readonly Tensors[],
): IpAttentions {
  const places = transformerPlaces(config);
  const width = config.cross_attention_dim;
  const given = adapters.map(({ hash, tokens }, i) => {
    const all = nn.reshape(g, g.steadyInput(`ip_hidden_states_${i}`, 'float32', [batch, tokens, width]), [
      batch * tokens,
      width,
    ]);
    const scales = g.steadyInput(`ip_adapter_scale_${i}`, 'float32', [places.length]);
    return {
      states: nn.cast(g, all, g.target.dtype),
      scales: nn.split(g, scales, places.length, 0).map((scale) => nn.cast(g, scale, g.target.dtype)),
      weights: Weights.of('ip_adapter', named(tensors[i] as Tensors, i, hash)),
    };
  });
  const numbers = numbersOf(config, places);
  return ({ block, index, layer }, of) => {
    const at = places.findIndex((p) => p.block === block && p.index === index && p.layer === layer);
    const number = (numbers[at] as number) + 2 * of;
    return given.map(({ states, scales, weights }, i) => ({
      states,
      weights: weights.at(i, 'ip_adapter', number),
      scale: scales[at] as Value,
    }));
  };
}

/** The number that a file gives each transformer's first block: every block has two attentions, and the second is to the text. */
function numbersOf(config: UNet2DConditionConfig, places: readonly TransformerPlace[]): number[] {
  let next = 1;
  return places.map((place) => {
    const number = next;
    next += 2 * transformerLayers(config, place);
    return number;
  });
}

/** A file's tensors by names, and in files, that no other adapter's or the UNet's have. */
function named(tensors: Tensors, i: number, hash: string): Tensors {
  return new Map(
    [...tensors].map(([name, tensor]) => [`${i}.${name}`, { ...tensor, path: `ip_adapter/${hash}` }]),
  );
}
