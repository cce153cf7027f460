import type { ModelId } from '../catalog/models.ts';
import type { SchedulerId } from '../catalog/schedulers.ts';
import type { DeviceChoice, MemoryChoice, MemoryPlan } from './device.ts';
import type { Hires } from './hires.ts';
import type { InitImageFile } from './init-image.ts';

export type NoiseSource = 'cpu' | 'gpu';

/** Bits of a number in a quantised copy of a model's weights. */
export type QuantizedBits = 4 | 8 | 16;

/** A textual-inversion file and the word it answers to. */
export interface EmbeddingFile {
  readonly token: string;
  readonly file: Blob;
}

/** One press of Generate. Names and meanings are those of diffusers' StableDiffusionPipeline. */
export interface GenerationRequest {
  readonly model: ModelId;
  /** Other components than the model's own: repositories of such a component, or models to take it from. */
  readonly textEncoder: ModelId | null;
  readonly unet: ModelId | null;
  readonly vae: ModelId | null;
  /** A tiny VAE that shows every step in full; null for one pixel per latent pixel. */
  readonly previewVae: ModelId | null;
  readonly device: DeviceChoice;
  readonly prompt: string;
  readonly negativePrompt: string;
  /** What the texts may speak of by trigger word. */
  readonly embeddings: readonly EmbeddingFile[];
  /** Null to begin with noise. */
  readonly image: InitImageFile | null;
  /** Null to stop at the size asked for. */
  readonly hires: Hires | null;
  /** Pixels; multiples of 8. */
  readonly width: number;
  readonly height: number;
  readonly numInferenceSteps: number;
  /** 1 or less runs without classifier-free guidance. */
  readonly guidanceScale: number;
  /** 0 … 1: how far guidance is kept from overexposing the picture. */
  readonly guidanceRescale: number;
  /** The guided part of the run, 0 … 1 each. */
  readonly guidanceStart: number;
  readonly guidanceEnd: number;
  /** Layers of the text encoder left out at the end. */
  readonly clipSkip: number;
  /** 0 … 1: how much fresh noise each step brings, in the samplers that have such a choice (DDIM, TCD). */
  readonly eta: number;
  /** Whose generator makes the noise: torch's on the CPU, as diffusers' examples use it, or torch's on CUDA. */
  readonly noise: NoiseSource;
  /** 0 … 2³²−1. Image i uses seed + i. */
  readonly seed: number;
  readonly numImages: number;
  readonly scheduler: SchedulerId;
  /** Decode the picture in full at eight moments along the way. */
  readonly filmstrip: boolean;
  readonly memory: MemoryChoice;
  /** The copy of the weights that is used; null for the weights as they are. */
  readonly bits: QuantizedBits | null;
  /** What this device is known to hold, bytes; null where nothing is known. */
  readonly memoryBytes: number | null;
}

/** What a request holds where diffusers would be told nothing more. */
export const UNTOLD = {
  textEncoder: null,
  unet: null,
  vae: null,
  previewVae: null,
  embeddings: [],
  image: null,
  hires: null,
  guidanceRescale: 0,
  guidanceStart: 0,
  guidanceEnd: 1,
  clipSkip: 0,
  eta: 0,
  noise: 'cpu',
  memory: 'auto',
  bits: null,
  memoryBytes: null,
} as const satisfies Partial<GenerationRequest>;

export type ComponentName = 'tokenizer' | 'text_encoder' | 'text_encoder_2' | 'unet' | 'vae' | 'scheduler';

/** The second is that of the enlarged picture, `hires`. All images go through the first before any goes through the second. */
export type PassNumber = 1 | 2;

/** What arrives while a request runs, in order. `image` counts from 0. */
export type GenerationProgress =
  | { readonly stage: 'download'; readonly loadedBytes: number; readonly totalBytes: number }
  /** `part`: how much of its weights the device has, 0 … 1; null where that is not known. */
  | { readonly stage: 'load'; readonly component: ComponentName; readonly part: number | null }
  | { readonly stage: 'plan'; readonly plan: MemoryPlan }
  /** The repository names a sampler as its own that is not known here; the request’s is used all the same. */
  | { readonly stage: 'substitute'; readonly asked: string }
  | { readonly stage: 'encode' }
  | {
      readonly stage: 'denoise';
      readonly image: number;
      readonly pass: PassNumber;
      /** Steps done of this pass, 1 … steps. */
      readonly step: number;
      readonly steps: number;
      readonly secondsLeft: number;
      /** A cheap look at the latents. Transferred: the receiver closes it. */
      readonly preview: ImageBitmap;
    }
  /** One full decode of the filmstrip, after `step`. */
  | {
      readonly stage: 'frame';
      readonly image: number;
      readonly pass: PassNumber;
      readonly step: number;
      readonly picture: ImageBitmap;
    }
  /** Between the passes. */
  | { readonly stage: 'enlarge'; readonly image: number }
  | { readonly stage: 'decode'; readonly image: number }
  | { readonly stage: 'image'; readonly image: number; readonly picture: GeneratedImage };

/** A finished picture. */
export interface GeneratedImage {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  /** PNG, with A1111's `parameters` text and all of the request inside. */
  readonly png: Blob;
}

export interface GenerationResult {
  /** From the request's arrival to the last picture. */
  readonly seconds: number;
  readonly device: 'webgpu' | 'wasm';
}
