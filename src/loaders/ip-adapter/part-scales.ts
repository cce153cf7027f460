import type { UNet2DConditionConfig } from '../../models/config.ts';
import { type TransformerPlace, transformerPlaces } from '../../models/transformer-places.ts';
import type { IpAdapterParts } from '../../protocol/control.ts';
import { isSdxl } from '../model-configs.ts';

type Blocks = Readonly<Record<'style' | 'layout', (place: TransformerPlace) => boolean>>;

const isAt = (
  { block, index, layer }: TransformerPlace,
  name: TransformerPlace['block'],
  i: number,
  of?: number,
) => block === name && index === i && (of === undefined || layer === of);

/** SDXL: as diffusers' guide to IP-Adapter has it, `{"up": {"block_0": [0, 1, 0]}}` and `{"down": {"block_2": [0, 1]}}`. */
const XL: Blocks = {
  style: (place) => isAt(place, 'up', 0, 1),
  layout: (place) => isAt(place, 'down', 2, 1),
};
/** SD1.5: InstantStyle's infer_style_sd15.py (153ef9b), `up_blocks.1` for style, and `down_blocks.2` and `mid_block` for what else it names. */
const SD: Blocks = {
  style: (place) => isAt(place, 'up', 1),
  layout: (place) => isAt(place, 'down', 2) || place.block === 'mid',
};

/**
 * How strong an IP-Adapter is in each of a UNet's transformers, in the order of `transformerPlaces`: diffusers' set_ip_adapter_scale, where
 * a block that is not named has none.
 */
export function partScales(
  config: UNet2DConditionConfig,
  parts: IpAdapterParts,
  scale: number,
): Float32Array {
  const { style, layout } = isSdxl(config) ? XL : SD;
  const counts: Readonly<Record<IpAdapterParts, (place: TransformerPlace) => boolean>> = {
    all: () => true,
    style,
    layout,
    'style-and-layout': (place) => style(place) || layout(place),
  };
  return Float32Array.from(transformerPlaces(config), (place) => (counts[parts](place) ? scale : 0));
}
