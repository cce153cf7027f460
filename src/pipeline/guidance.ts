import type { Session } from '../runtime/session.ts';
import type { PromptEmbeds } from './prompt.ts';

/** One evaluation of the UNet: model input [1, C, h, w] at a timestep → model output of the same shape. */
export type Denoiser = (sample: Float32Array, timestep: number) => Promise<Float32Array>;

/** Both halves in one run; the graph combines them. */
export function batchedGuidance(unet: Session, { negative, prompt }: PromptEmbeds, scale: number): Denoiser {
  const states = new Float32Array(negative.length + prompt.length);
  states.set(negative);
  states.set(prompt, negative.length);
  return async (sample, timestep) => {
    const feeds = { sample, timestep: Float32Array.of(timestep), encoder_hidden_states: states };
    const { out_sample } = await unet.run({ ...feeds, guidance_scale: Float32Array.of(scale) });
    return out_sample as Float32Array;
  };
}

/** No guidance: the prompt alone. */
export function unguided(unet: Session, states: Float32Array): Denoiser {
  return async (sample, timestep) => {
    const { out_sample } = await unet.run({
      sample,
      timestep: Float32Array.of(timestep),
      encoder_hidden_states: states,
    });
    return out_sample as Float32Array;
  };
}

/** Two runs one after the other, for when both halves at once do not fit into memory. */
export function twoPassGuidance(unet: Session, { negative, prompt }: PromptEmbeds, scale: number): Denoiser {
  const [unconditional, conditional] = [unguided(unet, negative), unguided(unet, prompt)];
  return async (sample, timestep) => {
    const uncond = await unconditional(sample, timestep);
    const cond = await conditional(sample, timestep);
    return uncond.map((value, i) => value + scale * ((cond[i] as number) - value));
  };
}
