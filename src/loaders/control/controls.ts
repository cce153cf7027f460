import type { UNetAddends } from '../../models/unet.ts';
import type { PromptEmbeds } from '../family.ts';

/** What the ControlNets or the T2I-Adapters of a run add to the UNet. */
export interface Controls {
  readonly addends: UNetAddends;
  /**
   * What all of them together add, by the names of the UNet's inputs: zeros where none of them counts.
   * @param sample the denoiser's input; the extra channels of an inpainting model are left out
   * @throws AppError out-of-memory, device-lost
   */
  residuals(
    sample: Float32Array,
    timestep: number,
    texts: readonly PromptEmbeds[],
    controlScales: readonly number[],
  ): Promise<Readonly<Record<string, Float32Array>>>;
}
