import type { GraphTarget } from '../graph/graph.ts';
import type { LatentRgb } from '../image/latent-rgb.ts';
import type { Picture } from '../image/picture.ts';
import type { UNetReuse } from '../models/unet-reuse.ts';
import type { Random } from '../numerics/random.ts';
import type { Tensor } from '../numerics/tensor.ts';
import type { IpAdapterParts } from '../protocol/control.ts';
import type { MemoryPlan } from '../protocol/device.ts';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { Size } from '../protocol/placement.ts';
import type { SettingValues } from '../protocol/settings.ts';
import type { ControlFile } from './control/control-file.ts';
import type { ImageEncoder, IpAdapterFile } from './ip-adapter/ip-adapter-file.ts';
import type { MemoryNeeds } from './memory-estimate.ts';

/**
 * A family of models, seen by the pipeline: how its texts are encoded, its latents denoised and decoded. A loader makes it
 * for one model on one device; the pipeline asks it, and knows no class, no configuration and no component by name.
 * Sessions behind it are opened when they are first used, and may be closed again to make room.
 */
export interface Family {
  /** What everything is computed on and in. */
  readonly target: GraphTarget;
  /** The largest tensor that its device takes, in bytes. */
  readonly largestTensor: number;

  /**
   * Encodes texts, in the prompt syntax of ../prompt without its schedules. All come out with as many tokens as the longest.
   * @throws AppError unsupported-embedding for a learned embedding of another model; invalid-request when `clipSkip`
   * leaves no layer
   */
  encodeTexts(texts: readonly string[], options: TextOptions): Promise<ReadonlyMap<string, PromptEmbeds>>;
  /**
   * Encodes the pictures of prompts: what the denoiser is given of them, beside any text.
   * @param beforeEach awaited before each picture; what it throws ends the encoding
   * @throws AppError unsupported-model when an encoder or an adapter lacks a tensor; out-of-memory, device-lost
   */
  encodePictures(
    prompts: readonly PicturePromptRequest[],
    beforeEach: () => Promise<void>,
  ): Promise<PromptPictures>;
  /** An empty negative prompt is all zeros, and not encoded. */
  readonly zerosForEmptyPrompt: boolean;

  /** The model takes the guidance scale as an input, and so needs no negative prompt (guidance distillation). */
  readonly hasGuidanceInput: boolean;
  /** The denoiser takes the mask and the masked picture's latents as extra channels (an inpainting model). */
  readonly hasMaskInput: boolean;
  /** The denoiser was trained for the last, least noisy part of a run alone: it needs a picture to start from (a refiner). */
  readonly needsImage: boolean;
  /** @throws AppError out-of-memory, device-lost */
  openDenoiser(request: DenoiserRequest): Promise<Denoiser>;
  /** Whether an evaluation can take over what others have computed. */
  readonly reusesWork: boolean;
  /** Frees what evaluations have kept for later ones. */
  forgetKept(): void;

  /** [1, C, h, w] of the latents for a picture of this size in pixels. */
  latentShape(size: Size): readonly [1, number, number, number];
  readonly vae: Vae;
  /** An approximate RGB picture straight from latents. */
  readonly latentRgb: LatentRgb;
  /** A small VAE that shows latents better than `latentRgb`; null when none was chosen. */
  readonly previewVae: VaeDecoder | null;

  /** The scheduler_config.json for a sampler of this class: what the sampler's own settings are added to. */
  schedulerConfig(className: string, isInpainting: boolean): Readonly<Record<string, unknown>>;
  /** The class of the model's own sampler, when Safelight doesn't have it. */
  readonly unknownScheduler?: string;
  /** The denoiser's image tokens at this size: some samplers shift their noise levels by it. */
  imageSequenceLength(size: Size): number;

  /**
   * What a run at this size takes of the device.
   * @param controls what comes with it
   * @throws AppError unsupported-control, unsupported-ip-adapter for one that was made for another kind of model; unsupported-model for one
   * that is not whole
   */
  memoryNeeds(
    size: Size,
    controls: readonly ControlFile[],
    prompts: readonly PicturePromptRequest[],
  ): Promise<MemoryNeeds>;
  /** Whether opened components stay loaded, or make room for the next one; where they stay, the encoder of the VAE beside its decoder. */
  setResidency(residency: MemoryPlan['residency'], keepsEncoder?: boolean): void;
}

/** What the texts of a run have in common. */
export interface TextOptions {
  readonly embeddings: readonly EmbeddingFile[];
  /** Layers left out at the end of the text encoders, at the least. */
  readonly clipSkip: number;
  /** What weights in the texts do. */
  readonly emphasis: SettingValues['emphasis'];
}

/** What the denoiser is given of one text. */
export interface PromptEmbeds {
  /** Tokens; the same for all texts of a run. */
  readonly sequenceLength: number;
  /** By the names of the denoiser's inputs: encoder_hidden_states [T, D], and SDXL's text_embeds [P]. */
  readonly inputs: Readonly<Record<string, Float32Array>>;
  /** Of the negative prompt: some models are told so beside the text. */
  readonly isNegative?: boolean;
}

/** What a denoiser is opened for; `width` and `height` are the picture’s, in pixels. */
export interface DenoiserRequest extends Size {
  /** How many texts are evaluated in one run; two are both halves of classifier-free guidance. */
  readonly texts: 1 | 2;
  /** Whether some runs are of one text alone, though others are of two. */
  readonly sometimesOne: boolean;
  /** How evaluations take over what others have computed: every way there is, with its texts; empty for none. */
  readonly reuses?: readonly Evaluated[];
  readonly sequenceLength: number;
  /** Read by models with `hasGuidanceInput`. */
  readonly guidanceScale: number;
  readonly controls: readonly ControlRequest[];
  readonly picturePrompts: readonly PicturePromptRequest[];
}

/** A picture that a prompt shows. */
export interface PictureOfPrompt {
  /** Of any size. */
  readonly picture: Picture;
  /** Tells its content from any other's. */
  readonly hash: string;
}

/** Pictures that an IP-Adapter reads as a prompt, and how strongly. */
export interface PicturePromptRequest {
  readonly file: IpAdapterFile;
  readonly encoder: ImageEncoder;
  /** One or more. */
  readonly pictures: readonly PictureOfPrompt[];
  /** diffusers' ip_adapter_scale. */
  readonly scale: number;
  readonly parts: IpAdapterParts;
}

/** What the denoiser is given of a run's pictures, with the prompt and with the negative prompt: by the names of its inputs. */
export type PromptPictures = Readonly<Record<'prompt' | 'negative', PromptEmbeds['inputs']>>;

/** A ControlNet or T2I-Adapter, and what it steers a run by. */
export interface ControlRequest {
  readonly file: ControlFile;
  /** Of any size: it is stretched to the picture's. */
  readonly map: Picture;
  /**
   * diffusers' guess_mode, of a ControlNet: it is not run for the negative prompt, and what is nearer to the pixels counts less.
   */
  readonly isGuess: boolean;
  /** Of a ControlNet Union: of which of its kinds the map is, from 0 on (control_mode); null for any other. */
  readonly mode: number | null;
}

export { HALVES } from '../models/unet-reuse.ts';

/** What an evaluation keeps for others, or takes over from them. */
export type Reuse = UNetReuse;

/** How many texts are evaluated in one run, and how that takes over what other runs have computed. */
export interface Evaluated {
  readonly texts: 1 | 2;
  readonly reuse: Reuse;
}

/** What a run takes over or keeps, and of which text: empty for both, or for the only one. */
export interface ReuseOf {
  readonly reuse: Reuse;
  readonly prefix: string;
}

/**
 * One evaluation: latents [1, C, h, w], followed by the extra channels of an inpainting model, at a timestep
 * → the model's output for each of the texts [texts, C, h, w]: as many as it was opened for.
 * @param controlScales how strong each of the controls is; one whose strength is 0 is not run
 */
export type Denoiser = (
  latents: Float32Array,
  timestep: number,
  texts: readonly PromptEmbeds[],
  controlScales: readonly number[],
  reuse?: ReuseOf,
) => Promise<Float32Array>;

/** A VAE's decoder. */
export interface VaeDecoder {
  /** Pixels of the picture per latent pixel, each way (diffusers' vae_scale_factor). */
  readonly pixelsPerLatent: number;
  /**
   * The denoiser's latents [1, C, h, w] → the picture [3, H, W], about −1 … 1.
   * @param isTiled one tile after another, which takes less memory
   * @throws AppError out-of-memory, device-lost
   */
  decode(latents: Tensor, isTiled: boolean): Promise<Float32Array>;
}

/** A VAE whole: its decoder, and the encoder of initial images. */
export interface Vae extends VaeDecoder {
  /**
   * A picture [3, H, W] in −1 … 1 → what gives its latents [1, C, h, w] as the denoiser takes them: drawn anew at each call
   * where the VAE gives a distribution, always the same where it does not.
   * @param size in pixels
   * @throws AppError out-of-memory, device-lost
   */
  encode(sample: Float32Array, size: Size, isTiled: boolean): Promise<(random: Random) => Tensor>;
}
