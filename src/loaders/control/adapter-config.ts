import type { UNet2DConditionConfig } from '../../models/config.ts';
import { adapterBlocks, adapterPlaces, T2IAdapterConfig } from '../../models/t2i-adapter.ts';
import { AppError, type Fault, unsupportedModel } from '../../protocol/errors.ts';
import { parseConfig } from '../../protocol/parse-config.ts';
import type { Config } from '../single-file/single-file-configs.ts';
import { count } from '../single-file/single-file-keys.ts';
import type { ControlFile } from './control-file.ts';

/**
 * The configuration of a T2I-Adapter, for the UNet that it is to control.
 * @throws AppError unsupported-control when it was made for another kind of model; unsupported-model, naming the key or the tensor
 */
export function adapterConfig(file: ControlFile, unet: UNet2DConditionConfig): T2IAdapterConfig {
  const config = ownAdapterConfig(file);
  if (fits(config, unet)) return config;
  const details = { kind: 'control-of-other-model', control: file.name } satisfies Fault;
  throw new AppError('unsupported-control', `${file.name} was made for another kind of model.`, details);
}

/** What a T2I-Adapter or its tensors say, whatever it is to control. @throws AppError unsupported-model, naming the key or the tensor */
export const ownAdapterConfig = (file: ControlFile): T2IAdapterConfig =>
  parseConfig('t2i_adapter', T2IAdapterConfig, file.config ?? configFromTensors(file));

/** Whether its feature maps are of the shapes of what they are added to. */
function fits(config: T2IAdapterConfig, unet: UNet2DConditionConfig): boolean {
  // Any size will do that all of them divide.
  let side = 1024 / config.downscale_factor;
  const places = adapterPlaces(unet, { height: 128, width: 128 });
  const blocks = adapterBlocks(config);
  return (
    blocks.length <= places.length &&
    blocks.every(({ width, isHalved }, i) => {
      side = isHalved ? side / 2 : side;
      return String([width, side, side]) === String(places[i]);
    })
  );
}

/** What a file by itself says by its tensors: those of an XL begin at a sixteenth of the picture's size. */
function configFromTensors({ name, tensors }: ControlFile): Config {
  const size = (key: string, axis: number) => {
    const found = tensors.get(key)?.shape[axis];
    if (found === undefined) throw unsupportedModel('missing-part', name, key, 'no such tensor');
    return found;
  };
  const isLight = tensors.has('adapter.body.0.out_conv.weight');
  const given = size(isLight ? 'adapter.body.0.in_conv.weight' : 'adapter.conv_in.weight', 1);
  const factor = given % 256 === 0 ? 16 : 8;
  const bodies = count(tensors, /^adapter\.body\.(\d+)\./);
  const width = (i: number) =>
    size(`adapter.body.${i}.${isLight ? 'out_conv' : 'resnets.0.block1'}.weight`, 0);
  return {
    in_channels: given / factor ** 2,
    channels: Array.from({ length: isLight ? bodies - 1 : bodies }, (_, i) => width(i)),
    num_res_blocks: count(tensors, /^adapter\.body\.0\.resnets\.(\d+)\./),
    downscale_factor: factor,
    adapter_type: isLight ? 'light_adapter' : factor === 16 ? 'full_adapter_xl' : 'full_adapter',
  };
}
