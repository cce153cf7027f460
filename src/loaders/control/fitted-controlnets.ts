import { Weights } from '../../checkpoint/weights.ts';
import type { UNet2DConditionConfig } from '../../models/config.ts';
import { type ControlNetShape, controlNetModel } from '../../models/controlnet.ts';
import type { ModelResources } from '../load-vae.ts';
import { kindOf } from '../repository-layout.ts';
import type { SessionCache } from '../session-cache.ts';
import { controlNetConfig } from './controlnet-config.ts';
import type { FittedControlNet } from './controlnet-residuals.ts';
import type { OpenedNet } from './opened-nets.ts';

/** Counted from 1, in the order of a run. */
const componentOf = (number: number) => `controlnet_${number}`;

/**
 * The ControlNets of a run, for the model's UNet; none is opened yet.
 * @throws AppError unsupported-control for one that was made for another kind of model; unsupported-model for one whose configuration is
 * not known
 */
export function fittedControlNets(
  unet: UNet2DConditionConfig,
  nets: readonly OpenedNet[],
  { runtime, sessions }: ModelResources,
): FittedControlNet[] {
  return nets.map(({ file, places }, i) => {
    const component = componentOf(i + 1);
    const config = controlNetConfig(file, unet);
    const graph = async (shape: ControlNetShape) =>
      controlNetModel(config, Weights.of('controlnet', file.tensors), runtime.target, shape);
    const key = (shape: ControlNetShape) => ({ ...shape, hash: file.hash });
    return {
      config,
      places,
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
    return kind === 'control' && number > count;
  };
  await sessions.release(sessions.components.filter(isOther));
}
