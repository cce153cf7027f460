import type { ModelId } from '../catalog/models.ts';
import type { SchedulerId } from '../catalog/schedulers.ts';
import type { Hires } from './hires.ts';
import type {
  DownloadProgress,
  HubAccess,
  InstalledModel,
  InstalledModels,
  ModelOffer,
  Prediction,
} from './models.ts';
import type { PictureSettings } from './picture-settings.ts';
import { type Border, MIDDLE, NO_BORDER } from './placement.ts';

/** Where a model runs. `auto` takes a real GPU when there is one, else the CPU. */
export type DeviceChoice = 'auto' | 'webgpu' | 'wasm';

/** Why a GPU is not taken: there is none to be had, it is software, or it failed its test. */
export type GpuFault = 'no-webgpu' | 'no-adapter' | 'software' | 'wrong-numbers';

/** What was found on this machine, and what `auto` means here. */
export interface DeviceReport {
  /** What `auto` resolves to. */
  readonly auto: 'webgpu' | 'wasm';
  /** The adapter's own description; absent without WebGPU. */
  readonly gpu?: string;
  /** Whether the GPU computes in f16. */
  readonly f16: boolean;
  /** Threads the CPU provider uses. */
  readonly threads: number;
  /** Where the runtime for it lies; absent where that is not one file. */
  readonly runtime?: string;
  /** Why `auto` is not the GPU. */
  readonly reason?: GpuFault;
}

export type NoiseSource = 'cpu' | 'gpu';

/** Bits of a number in a quantised copy of a model's weights. */
export type QuantizedBits = 4 | 8 | 16;

/** What stays loaded: every component, only the one at work, or what fits. */
export type MemoryChoice = 'auto' | 'all' | 'one-by-one';

/** How a request is going to use memory. */
export interface MemoryPlan {
  readonly dtype: 'float32' | 'float16';
  readonly residency: 'all' | 'one-by-one';
  /** Both texts of guidance in one run, or one after the other. */
  readonly guidance: 'together' | 'in-turn';
  readonly vae: 'whole' | 'tiled';
  /** The most that is taken at once, an estimate. */
  readonly bytes: number;
  /** Whether that is expected to be there. */
  readonly fits: boolean;
}

/** A textual-inversion file and the word it answers to. */
export interface EmbeddingFile {
  readonly token: string;
  readonly file: Blob;
}

/** How a picture of another shape is brought to the size asked for: a part of it, all of it distorted, or all of it with borders. */
export type Fit = 'crop' | 'stretch' | 'fill';

/** What lies under the mask when painting begins: the picture, the colours around, or noise. */
export type MaskedContent = 'original' | 'fill' | 'noise';

/** A picture that a run begins with. */
export interface InitImageFile {
  readonly file: Blob;
  readonly fit: Fit;
  /** 0 … 1 each: what part of it is taken, or where it lies between its borders; 0.5 is the middle. */
  readonly offset: { readonly x: number; readonly y: number };
  /** Pixels of the size asked for that are added around the picture and painted. */
  readonly border: Border;
  /** 0 … 1: how much of the run is left, and so how much of the picture is painted over. */
  readonly strength: number;
  /** Of the shape asked for: white is painted anew, black is kept, grey between. Null to paint all of it, or the border alone. */
  readonly mask: Blob | null;
  /** Standard deviation in pixels of the blur on the mask. */
  readonly maskBlur: number;
  readonly maskedContent: MaskedContent;
  /**
   * As diffusers' padding_mask_crop: with a number only the marked part is painted, at the size asked for, with so many of
   * the file's pixels around it, and put back into the picture at its own size. Null for the whole picture.
   */
  readonly paddingMaskCrop: number | null;
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

/** What a picture to begin with is accompanied by where diffusers would be told nothing more. */
export const UNTOLD_IMAGE = {
  fit: 'crop',
  offset: MIDDLE,
  border: NO_BORDER,
  mask: null,
  maskBlur: 0,
  maskedContent: 'original',
  paddingMaskCrop: null,
} as const satisfies Partial<InitImageFile>;

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

/** The same, larger. */
export type UpscaledImage = Omit<GeneratedImage, 'seed'>;

export interface GenerationResult {
  /** From the request's arrival to the last picture. */
  readonly seconds: number;
  readonly device: 'webgpu' | 'wasm';
}

/** How long texts are for a model's text encoder, begin and end not counted. */
export interface TokenCounts {
  /** Tokens a chunk holds. */
  readonly room: number;
  /** For each text, the tokens in each of its chunks; where it changes along the way, of the longest it becomes. */
  readonly texts: readonly (readonly number[])[];
}

/** What arrives while a picture is made larger. */
export type UpscaleProgress =
  | { readonly stage: 'load' }
  | { readonly stage: 'tile'; readonly done: number; readonly all: number };

/** Every call the page can make of the worker. */
export interface Calls {
  probe: { params: undefined; progress: never; result: DeviceReport };
  /** Fetches no more of the model than its vocabulary. */
  countTokens: {
    params: {
      readonly model: ModelId;
      readonly texts: readonly string[];
      readonly embeddings: readonly EmbeddingFile[];
    };
    progress: never;
    result: TokenCounts;
  };
  /** The size of a picture as it is shown, and the settings written in it. Fails where it is none to begin with. */
  inspectImage: {
    params: { readonly file: Blob };
    progress: never;
    result: {
      readonly width: number;
      readonly height: number;
      readonly settings: PictureSettings | null;
    };
  };
  generate: { params: GenerationRequest; progress: GenerationProgress; result: GenerationResult };
  /** A finished picture through an upscaler on this device; waits for a picture that is being painted. */
  upscale: {
    params: { readonly file: Blob; readonly model: ModelId; readonly device: DeviceChoice };
    progress: UpscaleProgress;
    result: UpscaledImage;
  };
  listModels: { params: undefined; progress: never; result: InstalledModels };
  /** What a name or an address on the Hub is, and what of it would be fetched. */
  lookUpModel: {
    params: {
      readonly name: string;
      readonly access: HubAccess;
      /** Half precision where the repository has both. */
      readonly preferHalf: boolean;
    };
    progress: never;
    result: ModelOffer;
  };
  /** Fetches what is missing of a model. Aborted, it leaves what has come, and goes on there another time. */
  installModel: {
    params: { readonly model: ModelToFetch; readonly access: HubAccess };
    progress: DownloadProgress;
    result: InstalledModel;
  };
  /** Copies a single-file checkpoint from disk. */
  importModel: { params: { readonly file: File }; progress: DownloadProgress; result: InstalledModel };
  /** Makes a quantised copy of a model's weights. */
  quantizeModel: {
    params: { readonly id: ModelId; readonly bits: QuantizedBits };
    progress: DownloadProgress;
    result: InstalledModel;
  };
  setPrediction: {
    params: { readonly id: ModelId; readonly prediction: Prediction };
    progress: never;
    result: undefined;
  };
  removeModel: { params: { readonly id: ModelId }; progress: never; result: undefined };
}

/** What has to be known of a model to fetch it. */
export type ModelToFetch = Pick<ModelOffer, 'id' | 'type' | 'repo' | 'revision' | 'licence' | 'files'>;

export type CallName = keyof Calls;
