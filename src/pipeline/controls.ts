import { toUnitPlanes } from '../image/image-processor.ts';
import type { Picture } from '../image/picture.ts';
import { resizeImage } from '../image/resize.ts';
import type { ControlNetFile } from '../loaders/control/controlnet-file.ts';
import type { ControlRequest } from '../loaders/family.ts';
import type { Size } from '../protocol/placement.ts';

/** A ControlNet, and the map that it steers a run by. */
export interface Control {
  readonly net: ControlNetFile;
  /** Of any size: it is stretched to the picture's. */
  readonly map: Picture;
  /** How strong it is: diffusers' controlnet_conditioning_scale. */
  readonly scale: number;
  /** The part of a pass in which it counts, 0 … 1 each: control_guidance_start and control_guidance_end. */
  readonly start: number;
  readonly end: number;
  /** guess_mode; diffusers has it for all ControlNets of a run or for none. */
  readonly isGuess: boolean;
}

/** The controls of a pass: their maps at its size, as VaeImageProcessor.preprocess without `do_normalize` makes them. */
export function controlRequests(controls: readonly Control[], size: Size): ControlRequest[] {
  return controls.map(({ net, map, isGuess }) => {
    const isFitting = map.width === size.width && map.height === size.height;
    return { net, isGuess, map: toUnitPlanes(isFitting ? map : resizeImage(map, size)) };
  });
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
