import type { ControlRequest } from '../loaders/family.ts';

/** What steers a run, and how much. */
export interface Control extends ControlRequest {
  /** How strong it is: diffusers' controlnet_conditioning_scale and adapter_conditioning_scale. */
  readonly scale: number;
  /** The part of a pass in which it counts, 0 … 1 each: control_guidance_start and control_guidance_end. */
  readonly start: number;
  readonly end: number;
}

/**
 * How strong each control is in evaluation `i` of a pass, counted from 0: `controlnet_keep` (diffusers
 * pipelines/controlnet/pipeline_controlnet.py).
 */
export function controlScales(controls: readonly Control[], i: number, evaluations: number): number[] {
  return controls.map(({ scale, start, end }) =>
    i / evaluations < start || (i + 1) / evaluations > end ? 0 : scale,
  );
}
