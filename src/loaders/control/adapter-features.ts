import { Weights } from '../../checkpoint/weights.ts';
import { toGrey } from '../../image/picture.ts';
import type { UNet2DConditionConfig } from '../../models/config.ts';
import {
  adapterBlocks,
  adapterPlaces,
  type T2IAdapterConfig,
  t2iAdapterModel,
} from '../../models/t2i-adapter.ts';
import { elementCount } from '../../numerics/tensor.ts';
import type { Size } from '../../protocol/placement.ts';
import type { ControlRequest, DenoiserRequest } from '../family.ts';
import type { ModelResources } from '../load-vae.ts';
import { adapterConfig } from './adapter-config.ts';
import { mapPlanes, pixelUnshuffle } from './control-map.ts';
import type { Controls } from './controls.ts';

/**
 * Runs the T2I-Adapters of a run: once for all of its evaluations, whatever the texts. What they add is float32 [1, C, h, w] each
 * (diffusers' MultiAdapter).
 * @param places of each of them, among the request's controls; at least one
 * @param latents their height and width
 * @throws AppError unsupported-control, unsupported-model; out-of-memory, device-lost
 */
export async function openAdapters(
  unet: UNet2DConditionConfig,
  { controls, ...size }: DenoiserRequest,
  places: readonly number[],
  latents: Size,
  resources: ModelResources,
): Promise<Controls> {
  const features: (readonly Float32Array[])[] = [];
  for (const [i, place] of places.entries())
    features.push(
      await featuresOf(controls[place] as ControlRequest, `t2i_adapter_${i + 1}`, size, unet, resources),
    );
  const sizes = adapterPlaces(unet, latents).map(elementCount);
  const count = Math.max(...features.map(({ length }) => length));
  let last: { readonly key: string; readonly feeds: Readonly<Record<string, Float32Array>> } | undefined;
  return {
    addends: { adapter: count },
    residuals: async (_sample, _timestep, _texts, scales) => {
      const own = places.map((place) => scales[place] as number);
      if (last?.key === String(own)) return last.feeds;
      const sums = sizes.slice(0, count).map((length, at) => {
        const sum = new Float32Array(length);
        for (const [i, of] of features.entries())
          for (const [k, value] of of[at]?.entries() ?? [])
            sum[k] = (sum[k] as number) + (own[i] as number) * value;
        return sum;
      });
      const named = sums.map((sum, i) => [`down_intrablock_additional_residuals_${i}`, sum] as const);
      last = { key: String(own), feeds: Object.fromEntries(named) };
      return last.feeds;
    },
  };
}

/** Its feature maps; it is closed when it has given them. */
async function featuresOf(
  { file, map }: ControlRequest,
  component: string,
  size: Size,
  unet: UNet2DConditionConfig,
  { runtime, sessions }: ModelResources,
): Promise<readonly Float32Array[]> {
  const config = adapterConfig(file, unet);
  const { downscale_factor: factor } = config;
  // A size that the factor does not divide is rounded up, as the UNet's own levels are.
  const inside = { width: Math.ceil(size.width / factor), height: Math.ceil(size.height / factor) };
  const session = await sessions.open(component, { ...inside, hash: file.hash }, () =>
    sessions.create(
      component,
      t2iAdapterModel(config, Weights.of('t2i_adapter', file.tensors), runtime.target, inside),
    ),
  );
  const outputs = await session.run({ control_image: controlImage(map, inside, config) });
  await sessions.release([component]);
  return adapterBlocks(config).map((_, i) => outputs[`feature_${i}`] as Float32Array);
}

/** The map as an adapter sees it: [in_channels · factor², height, width] of the size inside. */
function controlImage(
  map: ControlRequest['map'],
  { width, height }: Size,
  { in_channels: colours, downscale_factor: factor }: T2IAdapterConfig,
): Float32Array {
  const whole = { width: width * factor, height: height * factor };
  if (colours === 3) return pixelUnshuffle(mapPlanes(map, whole), whole, factor);
  const { data } = toGrey(map);
  const rgba = map.rgba.map((value, i) => (i % 4 === 3 ? value : (data[Math.floor(i / 4)] as number)));
  const planes = mapPlanes({ ...map, rgba }, whole);
  return pixelUnshuffle(planes.subarray(0, whole.width * whole.height), whole, factor);
}
