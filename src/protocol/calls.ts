import type { ModelId } from '../catalog/models.ts';
import type { DeviceChoice, DeviceReport, UsedDevice } from './device.ts';
import type {
  EmbeddingFile,
  GeneratedImage,
  GenerationProgress,
  GenerationRequest,
  GenerationResult,
  KeptImage,
  QuantizedBits,
} from './generation.ts';
import type { MeasureProgress } from './gpu-measurement.ts';
import type { MapRequest } from './map-request.ts';
import type {
  DownloadProgress,
  FoundRepo,
  HubAccess,
  InstalledModel,
  InstalledModels,
  ModelOffer,
  ModelToFetch,
  Prediction,
} from './models.ts';
import type { PictureSettings } from './picture-settings.ts';
import type { SegmentPrompt } from './segment.ts';

/** The same picture, upscaled or without its background. */
export interface UpscaledImage extends Omit<GeneratedImage, 'seed' | 'texts'> {
  readonly device: UsedDevice;
}

/** How many tokens texts have for a model's text encoder, the start and end tokens not counted. */
export interface TokenCounts {
  /** How many tokens fit into a chunk. */
  readonly room: number;
  /** For each text, the tokens in each of its chunks; for a text that changes from step to step, those of its longest form. */
  readonly texts: readonly (readonly number[])[];
  /** Tokens that the text encoder has and the tokenizer doesn't know: words the model learned, and no file names. */
  readonly unnamed: number;
}

/** What arrives while a picture is upscaled. */
export type UpscaleProgress =
  | { readonly stage: 'load' }
  | { readonly stage: 'tile'; readonly done: number; readonly all: number };

/** Every call that the page can make to the worker. */
export interface Calls {
  /** `again`: a GPU that failed its test counts as one that was never tried. */
  probe: { params: { readonly again: boolean }; progress: never; result: DeviceReport };
  /** Loads only the model's vocabulary. */
  countTokens: {
    params: {
      readonly model: ModelId;
      readonly texts: readonly string[];
      readonly embeddings: readonly EmbeddingFile[];
    };
    progress: never;
    result: TokenCounts;
  };
  /** The size of a picture as it is shown, and the settings written in it. Fails for a file that no run can start from. */
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
  /**
   * The same while a person draws, for a run that the next stroke stops: nothing of it is kept when it is stopped, and no preview VAE
   * runs.
   */
  live: { params: GenerationRequest; progress: GenerationProgress; result: GenerationResult };
  /** Decodes the pictures that the last run had begun and not finished when it was stopped; none if they are gone. */
  keepStopped: { params: undefined; progress: KeptImage; result: undefined };
  /** Upscales a finished picture with an upscaler on this device, after any picture that is being painted. */
  upscale: {
    params: { readonly file: Blob; readonly model: ModelId; readonly device: DeviceChoice };
    progress: UpscaleProgress;
    result: UpscaledImage;
  };
  /** Makes a finished picture's background transparent with a model on this device, after any picture that is being painted. */
  removeBackground: Calls['upscale'];
  /**
   * Finds what is at some points of a picture, or in a box, with a segmenter on this device, after any picture that is being painted.
   * What the model has seen in the picture is kept for the next call with the same `key`, until `forgetSegmented`. The mask is a PNG
   * of the picture's size, white where the thing is; null where nothing was found.
   */
  segment: {
    params: {
      readonly file: Blob;
      /** The picture's own name: a file that is posted is another one each time. */
      readonly key: string;
      readonly model: ModelId;
      readonly device: DeviceChoice;
      readonly prompt: SegmentPrompt;
    };
    progress: { readonly stage: 'look' | 'find' };
    result: { readonly mask: Blob | null };
  };
  forgetSegmented: { params: undefined; progress: never; result: undefined };
  /**
   * Makes the map of a control layer from a picture, as a PNG. What plain code makes comes at once, also while a picture is being
   * painted; what needs a network waits for its turn.
   */
  makeMap: { params: MapRequest; progress: never; result: { readonly map: Blob } };
  /**
   * Measures the GPU with made-up weights, after any picture that is being painted; the model that is loaded makes room. An
   * error ends it, and what was reported before holds.
   */
  measureGpu: { params: undefined; progress: MeasureProgress; result: undefined };
  listModels: { params: undefined; progress: never; result: InstalledModels };
  /** Repositories on the Hub whose names have these words. Nothing of a person's is sent but the words, and a token if there is one. */
  searchHub: {
    params: { readonly words: string; readonly access: HubAccess };
    progress: never;
    result: readonly FoundRepo[];
  };
  /** What a name or an address on the Hub stands for, and which of its files would be downloaded. */
  lookUpModel: {
    params: {
      readonly name: string;
      readonly access: HubAccess;
      /** Choose the half-precision files if the repository has both. */
      readonly preferHalf: boolean;
    };
    progress: never;
    result: ModelOffer;
  };
  /** Downloads the missing files of a model. If aborted, it keeps what has arrived and resumes there next time. */
  installModel: {
    params: { readonly model: ModelToFetch; readonly access: HubAccess };
    progress: DownloadProgress;
    result: InstalledModel;
  };
  /** Copies a single-file checkpoint or a LoRA from disk, the latter with the adapter_config.json that PEFT wrote beside it. */
  importModel: {
    params: { readonly file: File; readonly config: File | null };
    progress: DownloadProgress;
    result: InstalledModel;
  };
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
  /** Moves what 0.1 stored of models to this deployment's own folders; counts files. */
  migrateModels: {
    params: undefined;
    progress: { readonly done: number; readonly total: number };
    result: undefined;
  };
  /** The words that call what a LoRA on this device was trained for, as its file names them; perhaps none. */
  readTriggerWords: { params: { readonly id: ModelId }; progress: never; result: readonly string[] };
  /** The picture that the file of a model on this device holds of what it makes (`modelspec.thumbnail`); mostly none. */
  readThumbnail: { params: { readonly id: ModelId }; progress: never; result: Blob | null };
  removeModel: { params: { readonly id: ModelId }; progress: never; result: undefined };
}

export type CallName = keyof Calls;
