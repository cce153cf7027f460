import type { GenerationDefaults } from '../catalog/models.ts';
import type { ModelKind } from '../catalog/schedulers.ts';
import type { QuantizedBits } from './generation.ts';

/** A file of a repository. */
export interface RepoFile {
  /** From the repository's root. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex: sha256 of the content (64 digits), or for small files git's sha1 of it (40 digits). */
  readonly oid: string;
}

const QUANTIZED_FOLDER = 'quantized/';

/** Where a model's files hold the quantised copy of one component's weights. */
export const quantizedPath = (component: string, bits: QuantizedBits) =>
  `${QUANTIZED_FOLDER}${component}.${bits}.safetensors`;

/** Whether a file is a quantised copy that was made on this device, not one of the model's own files. */
export const isQuantizedPath = (path: string) => path.startsWith(QUANTIZED_FOLDER);

/** Whether a model has a quantised copy of its denoiser, the part every copy has. */
export const hasQuantizedCopy = (files: readonly RepoFile[], bits: QuantizedBits) =>
  files.some(({ path }) => path === quantizedPath('unet', bits));

/** Where repositories are fetched from, and as whom. */
export interface HubAccess {
  /** The Hub, or a mirror that answers the same addresses. */
  readonly endpoint: string;
  /** For gated repositories. */
  readonly token: string | null;
}

/** A component that can stand in for another model's. */
export type SwappableComponent = 'text_encoder' | 'unet' | 'vae';

/** What an entry is good for: a whole model, a component by itself, a change to a model, pictures that are finished. */
export type EntryType = 'model' | SwappableComponent | 'lora' | 'upscaler';

/** Models whose latents mean the same: Stable Diffusion 1 and 2, SDXL, or nobody else's. */
export type LatentFamily = 'sd1' | 'sdxl' | 'own';

/** What a repository or a file is, before anything large of it is fetched. */
export interface ModelOffer {
  /** `owner/name`, `owner/name/file.safetensors`. */
  readonly id: string;
  readonly type: EntryType;
  readonly repo: string;
  /** The commit all files are of. */
  readonly revision: string;
  /** As its card says, or null. */
  readonly licence: string | null;
  /** Everything that is needed, and nothing else. */
  readonly files: readonly RepoFile[];
  /** What of it is to be fetched still, bytes. */
  readonly missingBytes: number;
  /** Of all files, bytes. */
  readonly totalBytes: number;
  /** What it will take of the device at work, about, bytes. */
  readonly memoryBytes: number;
}

/** What a single-file checkpoint was trained to predict, which its keys may not tell. */
export type Prediction = 'epsilon' | 'v_prediction';

/** A model on this device, or on its way to it. */
export interface InstalledModel {
  readonly id: string;
  readonly type: EntryType;
  readonly label: string;
  /** Null for a file from disk. */
  readonly repo: string | null;
  readonly revision: string | null;
  readonly licence: string | null;
  readonly files: readonly RepoFile[];
  /** Whether every file is there. */
  readonly complete: boolean;
  /** By which a VAE is one that fits; null until the files have come that tell. */
  readonly family: LatentFamily | null;
  /** Of a component by itself: diffusers' class. */
  readonly className: string | null;
  /** What the samplers and the form need to know of a model that is complete. */
  readonly facts: ModelFacts | null;
  /** Milliseconds since 1970. */
  readonly installedAt: number;
  readonly usedAt: number | null;
}

export interface ModelFacts {
  readonly kind: ModelKind;
  readonly defaults: GenerationDefaults;
  /** Of a single-file checkpoint that leaves it open; else null. */
  readonly prediction: Prediction | null;
}

/** What this origin's storage holds. */
export interface StorageReport {
  /** Bytes of models, whole and in part. */
  readonly modelBytes: number;
  /** What the browser says there is room for; it may exaggerate. */
  readonly freeBytes: number | null;
}

export interface InstalledModels {
  readonly models: readonly InstalledModel[];
  readonly storage: StorageReport;
}

export interface DownloadProgress {
  /** Of all the model's files. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** Seconds until the server is asked again, while it does not answer. */
  readonly waitSeconds: number | null;
}

/** What has to be known of a model to fetch it. */
export type ModelToFetch = Pick<ModelOffer, 'id' | 'type' | 'repo' | 'revision' | 'licence' | 'files'>;
