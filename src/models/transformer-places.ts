import { perLevel, type UNet2DConditionConfig } from './config.ts';

/** Where a transformer is: a down block, the mid block or an up block, counted in the order they run in, and its layer. */
export interface TransformerPlace {
  readonly block: 'down' | 'mid' | 'up';
  readonly index: number;
  readonly layer: number;
}

/** How many blocks the transformer at a place has. */
export function transformerLayers(
  config: UNet2DConditionConfig,
  { block, index, layer }: TransformerPlace,
): number {
  const { transformer_layers_per_block: down, reverse_transformer_layers_per_block: up } = config;
  if (block === 'up' && up) return perLevel(up[index] as number | number[], layer);
  if (typeof down === 'number') return down;
  return perLevel(down[block === 'up' ? down.length - 1 - index : index] as number | number[], layer);
}

/** The level of a place, whose width and number of heads its transformer has. */
export const levelOf = ({ up_block_types: up }: UNet2DConditionConfig, { block, index }: TransformerPlace) =>
  block === 'up' ? up.length - 1 - index : index;

/** The transformers of a UNet in the order in which diffusers names their processors, the mid block's last. */
export function transformerPlaces(config: UNet2DConditionConfig): readonly TransformerPlace[] {
  const { down_block_types: down, up_block_types: up, block_out_channels: channels } = config;
  const last = channels.length - 1;
  const layersOf = (block: 'down' | 'up', index: number, count: number): TransformerPlace[] =>
    Array.from({ length: count }, (_, layer) => ({ block, index, layer }));
  return [
    ...down.flatMap((type, level) =>
      type === 'CrossAttnDownBlock2D'
        ? layersOf('down', level, perLevel(config.layers_per_block, level))
        : [],
    ),
    ...up.flatMap((type, index) =>
      type === 'CrossAttnUpBlock2D'
        ? layersOf('up', index, perLevel(config.layers_per_block, last - index) + 1)
        : [],
    ),
    ...(config.mid_block_type === 'UNetMidBlock2DCrossAttn'
      ? [{ block: 'mid', index: last, layer: 0 } as const]
      : []),
  ];
}
