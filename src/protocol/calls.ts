import type { ModelId } from '../catalog/models.ts';
import type { DeviceChoice, DeviceReport } from './device.ts';
import type {
  EmbeddingFile,
  GeneratedImage,
  GenerationProgress,
  GenerationRequest,
  GenerationResult,
  QuantizedBits,
} from './generation.ts';
import type {
  DownloadProgress,
  HubAccess,
  InstalledModel,
  InstalledModels,
  ModelOffer,
  ModelToFetch,
  Prediction,
} from './models.ts';
import type { PictureSettings } from './picture-settings.ts';

/** The same, larger. */
export type UpscaledImage = Omit<GeneratedImage, 'seed'>;

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
  /** Moves what 0.1 stored of models to this deployment's own folders; counts files. */
  migrateModels: {
    params: undefined;
    progress: { readonly done: number; readonly total: number };
    result: undefined;
  };
  removeModel: { params: { readonly id: ModelId }; progress: never; result: undefined };
}

export type CallName = keyof Calls;
