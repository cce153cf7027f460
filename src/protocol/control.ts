import type { ModelId } from '../catalog/models.ts';

/**
 * How a map is made from a picture. `none`: the picture is a map already, or the model reads pictures as they are (tile); `blur`
 * softens it, for tile models.
 */
export const PREPROCESSORS = ['none', 'canny', 'scribble', 'lineart', 'depth', 'normal', 'blur'] as const;
export type Preprocessor = (typeof PREPROCESSORS)[number];

/** A ControlNet or T2I-Adapter with the map that it steers a picture by. */
export interface ControlLayer {
  /** An entry of type `control` on this device. */
  readonly model: ModelId;
  /** A picture file of any size: the map is stretched to the picture's. */
  readonly map: Blob;
  /** How the map was made. */
  readonly preprocessor: Preprocessor;
  /** diffusers' control_mode: which of its kinds of maps a ControlNet Union is given. Null for every other model. */
  readonly controlMode: number | null;
  /** How strong it is: diffusers' controlnet_conditioning_scale and adapter_conditioning_scale, 0 … 2. */
  readonly scale: number;
  /** The part of a pass in which it counts, 0 … 1 each: control_guidance_start and control_guidance_end. */
  readonly start: number;
  readonly end: number;
  /** diffusers' guess_mode: the negative prompt is not steered, and what is nearer to the pixels counts less. */
  readonly isGuess: boolean;
}

/** A control layer as files and links tell of it: without its map. */
export type ControlSettings = Omit<ControlLayer, 'map'>;

/** What of its pictures an IP-Adapter takes over: all, or what diffusers' per-block scales name style and layout. */
export const IP_ADAPTER_PARTS = ['all', 'style', 'layout', 'style-and-layout'] as const;
export type IpAdapterParts = (typeof IP_ADAPTER_PARTS)[number];

/** Pictures that say what to paint, as a prompt does, read by an IP-Adapter. */
export interface PicturePrompt {
  /** An entry of type `ip_adapter` on this device. */
  readonly adapter: ModelId;
  /** Picture files of any size, one or more: ip_adapter_image. */
  readonly pictures: readonly Blob[];
  /** ip_adapter_scale, 0 … 2. */
  readonly scale: number;
  readonly parts: IpAdapterParts;
}

/** A picture prompt as files and links tell of it: of its pictures, how many they are. */
export interface PicturePromptSettings extends Omit<PicturePrompt, 'pictures'> {
  readonly pictureCount: number;
}

/** A request's layers and picture prompts. */
interface Steering {
  readonly controls: readonly ControlLayer[];
  readonly picturePrompts: readonly PicturePrompt[];
}

/** What of layers and picture prompts can be said without their pictures. */
export const steeringSettings = ({ controls, picturePrompts }: Steering) => ({
  controls: controls.map(({ map: _, ...said }): ControlSettings => said),
  picturePrompts: picturePrompts.map(
    ({ pictures, ...said }): PicturePromptSettings => ({ ...said, pictureCount: pictures.length }),
  ),
});

/** Their pictures: the maps of the layers, then what the picture prompts have. */
export const steeringFiles = ({ controls, picturePrompts }: Steering): readonly Blob[] => [
  ...controls.map(({ map }) => map),
  ...picturePrompts.flatMap(({ pictures }) => pictures),
];
