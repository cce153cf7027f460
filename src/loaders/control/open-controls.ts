import type { UNet2DConditionConfig } from '../../models/config.ts';
import type { Size } from '../../protocol/placement.ts';
import type { DenoiserRequest } from '../family.ts';
import type { ModelResources } from '../load-vae.ts';
import { openAdapters } from './adapter-features.ts';
import { openControlNets } from './controlnet-residuals.ts';
import type { Controls } from './controls.ts';
import { fittedControlNets, releaseOtherControlNets } from './fitted-controlnets.ts';
import { openedNets } from './opened-nets.ts';

/**
 * Opens what steers a run; undefined for one that nothing steers.
 * @param latents their height and width
 * @throws AppError unsupported-control, unsupported-model; out-of-memory, device-lost
 */
export async function openControls(
  unet: UNet2DConditionConfig,
  request: DenoiserRequest,
  latents: Size,
  resources: ModelResources,
): Promise<Controls | undefined> {
  const isAdapter = (i: number) => request.controls[i]?.file.kind === 'T2I-Adapter';
  const adapterPlaces = [...request.controls.keys()].filter(isAdapter);
  const opens = openedNets(request.controls.map(({ file }) => file));
  await releaseOtherControlNets(resources.sessions, opens.length);
  const opened: Controls[] = [];
  // First, because they are run once, and closed.
  if (adapterPlaces.length > 0)
    opened.push(await openAdapters(unet, request, adapterPlaces, latents, resources));
  const nets = fittedControlNets(unet, opens, resources);
  if (nets.length > 0) opened.push(await openControlNets(request, nets, latents));
  if (opened.length === 0) return undefined;
  return {
    addends: Object.assign({}, ...opened.map(({ addends }) => addends)),
    residuals: async (...asked) => {
      let all = {};
      for (const controls of opened) all = { ...all, ...(await controls.residuals(...asked)) };
      return all;
    },
  };
}
