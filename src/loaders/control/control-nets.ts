import { bytesOn, Weights } from '../../checkpoint/weights.ts';
import type { GraphTarget } from '../../graph/graph.ts';
import type { UNet2DConditionConfig } from '../../models/config.ts';
import { type ControlNetShape, controlNetModel } from '../../models/controlnet.ts';
import { unsupportedModel } from '../../protocol/errors.ts';
import type { ModelResources } from '../load-vae.ts';
import type { MemoryNeeds } from '../memory-estimate.ts';
import { kindOf } from '../repository-layout.ts';
import type { SessionCache } from '../session-cache.ts';
import { controlNetConfig } from './controlnet-config.ts';
import type { ControlNetFile } from './controlnet-file.ts';
import type { FittedControlNet } from './controls.ts';

/** Counted from 1, in the order of a run. */
const componentOf = (number: number) => `controlnet_${number}`;

/**
 * The ControlNets of a run, for the model's UNet; none is opened yet.
 * @throws AppError unsupported-control for one that was made for another kind of model; unsupported-model for one whose configuration is
 * not known, or where the UNet is an ONNX graph, which takes nothing between its blocks
 */
export function controlNets(
  unet: UNet2DConditionConfig,
  nets: readonly ControlNetFile[],
  { source, runtime, sessions }: ModelResources,
): FittedControlNet[] {
  if (nets.length > 0 && source.graphs('unet'))
    throw unsupportedModel('fixed-graph', 'unet', 'weights', 'an ONNX graph');
  return nets.map((net, i) => {
    const component = componentOf(i + 1);
    const config = controlNetConfig(net, unet);
    const graph = async (shape: ControlNetShape) =>
      controlNetModel(config, Weights.of('controlnet', net.tensors), runtime.target, shape);
    const key = (shape: ControlNetShape) => ({ ...shape, hash: net.hash });
    return {
      config,
      open: (shape) =>
        sessions.open(component, key(shape), async () => sessions.create(component, await graph(shape))),
      openBeside: (shape) => sessions.openBeside(component, key(shape), () => graph(shape)),
    };
  });
}

/** Closes the ControlNets of a run before that had more of them. */
export async function releaseOtherControlNets(sessions: SessionCache, count: number): Promise<void> {
  const isOther = (component: string) => {
    const { kind, number } = kindOf(component);
    return kind === 'controlNet' && number > count;
  };
  await sessions.release(sessions.components.filter(isOther));
}

/** What a run takes with ControlNets, which stay open beside the UNet and keep about as much as it does. */
export function withControlNets(
  needs: MemoryNeeds,
  nets: readonly ControlNetFile[],
  target: GraphTarget,
): MemoryNeeds {
  const bytes = nets
    .flatMap(({ tensors }) => [...tensors.values()])
    .reduce((sum, tensor) => sum + bytesOn(target, tensor), 0);
  return {
    ...needs,
    weights: { ...needs.weights, unet: (needs.weights.unet ?? 0) + bytes },
    denoiser: needs.denoiser * (1 + nets.length),
  };
}
