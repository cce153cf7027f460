import type { GenerationDefaults, ModelId } from '../catalog/models.ts';
import type { ModelKind } from '../catalog/schedulers.ts';
import type { ControlFacts } from './control-facts.ts';
import type { MemoryPlan } from './device.ts';
import type { QuantizedBits } from './generation.ts';

/** A file of a repository. */
export interface RepoFile {
  /** Relative to the repository's root. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex: the sha256 of the content (64 digits) or, for small files, git's sha1 (40 digits). */
  readonly oid: string;
}

const QUANTIZED_FOLDER = 'quantized/';

const quantizedEnd = (bits: QuantizedBits) => `.${bits}.safetensors`;

/** Where a model's files hold the quantised copy of one component's weights. */
export const quantizedPath = (component: string, bits: QuantizedBits) =>
  `${QUANTIZED_FOLDER}${component}${quantizedEnd(bits)}`;

/** Whether a file is a quantised copy that was made on this device, not one of the model's own files. */
export const isQuantizedPath = (path: string) => path.startsWith(QUANTIZED_FOLDER);

/** Whether a model has a quantised copy: it is listed once all of it is made. */
export const hasQuantizedCopy = (files: readonly RepoFile[], bits: QuantizedBits) =>
  files.some(({ path }) => isQuantizedPath(path) && path.endsWith(quantizedEnd(bits)));

/** Where repositories are downloaded from, and as whom. */
export interface HubAccess {
  /** The Hub, or a mirror with the same paths. */
  readonly endpoint: string;
  /** The endpoint's own, for gated repositories. */
  readonly token: string | null;
}

/** In the order they run. */
export const SWAPPABLE_COMPONENTS = ['text_encoder', 'unet', 'vae'] as const;
/** A component that can replace another model's. */
export type SwappableComponent = (typeof SWAPPABLE_COMPONENTS)[number];

/** Networks for pictures that are there already, each a graph for onnxruntime. */
export const PICTURE_NETWORKS = ['upscaler', 'depth', 'segmenter', 'background_removal'] as const;

/**
 * What an entry is: a whole model, a single component, a change to a model (LoRA), what steers one (ControlNet or T2I-Adapter), what
 * reads pictures as prompts (IP-Adapter), or a network for pictures: an upscaler, one that estimates depth, one that finds things,
 * one that tells what stands before the background.
 */
export const ENTRY_TYPES = [
  ...(['model', ...SWAPPABLE_COMPONENTS, 'lora', 'control', 'ip_adapter'] as const),
  ...PICTURE_NETWORKS,
] as const;
export type EntryType = (typeof ENTRY_TYPES)[number];

/** Models with interchangeable latents: Stable Diffusion 1 and 2, SDXL, or (`own`) no other model's. */
export const LATENT_SPACES = ['sd1', 'sdxl', 'own'] as const;
export type LatentSpace = (typeof LATENT_SPACES)[number];

/** What a repository or a file offers, known before anything large is downloaded. */
export interface ModelOffer {
  /** `owner/name`, `owner/name/file.safetensors`. */
  readonly id: string;
  readonly type: EntryType;
  readonly repo: string;
  /** The commit that all files belong to. */
  readonly revision: string;
  /** As its model card says; null if it says nothing. */
  readonly licence: string | null;
  /** The files that are needed, and no others. */
  readonly files: readonly RepoFile[];
  /** Bytes still to download. */
  readonly missingBytes: number;
  /** Bytes of all files together. */
  readonly totalBytes: number;
  /** An estimate of the memory it will use while painting, bytes. */
  readonly memoryBytes: number;
  /** How it would run; null for what is no repository of a whole model. */
  readonly plan: OfferedPlan | null;
  /** The copies in fewer bits that can be kept in its place. */
  readonly copies: readonly OfferedCopy[];
}

/** A copy in fewer bits, before it is made. */
export interface OfferedCopy {
  readonly bits: CopyBits;
  /** Bytes of all files that are then kept: exact for one file, within 1 % for a repository; null where its weights' type is not known. */
  readonly bytes: number | null;
}

/** How a model would run at its usual size, in pixels, as far as that is known before its weights are here. */
export interface OfferedPlan extends Omit<MemoryPlan, 'dtype' | 'hasLess'> {
  readonly width: number;
  readonly height: number;
  /** The VAE keeps full precision, whatever the rest is computed in. */
  readonly isVaeFull: boolean;
  /** The least bytes with a copy of 8 bits: one component at a time, a text at a time. */
  readonly copyBytes: number;
}

/** What a single-file checkpoint was trained to predict; the names in the file may not tell. */
export const PREDICTIONS = ['epsilon', 'v_prediction'] as const;
export type Prediction = (typeof PREDICTIONS)[number];

/** A model on this device, whole or partly downloaded. */
export interface InstalledModel {
  readonly id: string;
  readonly type: EntryType;
  readonly label: string;
  /** What it is a copy of, that was made while its files arrived; undefined where these are kept. */
  readonly copyOf?: CopySource | undefined;
  /** Null for a file from disk. */
  readonly repo: string | null;
  readonly revision: string | null;
  readonly licence: string | null;
  readonly files: readonly RepoFile[];
  /** Whether every file is here. */
  readonly complete: boolean;
  /** Decides which VAEs fit, and is stored by this name; null until the files that tell have arrived. */
  readonly family: LatentSpace | null;
  /** diffusers' class, for a single component. */
  readonly className: string | null;
  /** What the samplers and the form need to know about a complete model. */
  readonly facts: ModelFacts | null;
  /** What is known of a complete control model; undefined for all else. */
  readonly control?: ControlFacts | undefined;
  /** Another name than its own, by which the file itself says that it is made for few steps. */
  readonly fewStepName?: string | undefined;
  /** Milliseconds since 1970. */
  readonly installedAt: number;
  readonly usedAt: number | null;
}

/** What the form and the screen know about a model on this device. */
export interface ModelFacts {
  readonly kind: ModelKind;
  readonly defaults: GenerationDefaults;
  /** For a single-file checkpoint that leaves it open; null for all others. */
  readonly prediction: Prediction | null;
  /** Whose texts its UNet reads; undefined for another one's, and where an earlier version has noted the facts. */
  readonly base?: ControlFacts['base'] | undefined;
}

/** What is in this origin's storage. */
export interface StorageReport {
  /** Bytes of all models, complete or not. */
  readonly modelBytes: number;
  /** How much more the browser says it can store; it may exaggerate. */
  readonly freeBytes: number | null;
}

/** All models on this device, and the room they take. */
export interface InstalledModels {
  readonly models: readonly InstalledModel[];
  /** Those of them that are VAEs small enough to show previews. */
  readonly previewVaes: readonly ModelId[];
  readonly storage: StorageReport;
}

/** How far a download is. */
export interface DownloadProgress {
  /** Of all the model's files together. */
  readonly loadedBytes: number;
  readonly totalBytes: number;
  /** Seconds until the next attempt, while the server does not answer; else null. */
  readonly waitSeconds: number | null;
}

/** A copy in fewer bits that is kept in the place of a model's files: they are read once, as they arrive. */
export interface CopySource {
  readonly bits: CopyBits;
  /** The repository's. */
  readonly files: readonly RepoFile[];
}
/** The bits of such a copy. */
export const COPY_BITS = [8, 4] as const;
export type CopyBits = (typeof COPY_BITS)[number];

/** Components whose layers are quantised. */
const COPIED = /^(unet|text_encoder(_2)?)\/[^/]+\.safetensors$/i;

const SAFETENSORS = /\.safetensors$/i;

/**
 * Whether a file may become a copy in fewer bits while it arrives: a checkpoint in one file, or the weights of a UNet or text encoder,
 * in one file or in shards. The hash of its content must be a sha256.
 * @param files all that are downloaded
 */
export function isCopiable({ path, oid }: RepoFile, files: readonly RepoFile[]): boolean {
  const isOnly = files.length === 1 && SAFETENSORS.test(path);
  return oid.length === 64 && (isOnly || COPIED.test(path));
}

/** What the copy of a file is called. */
export const copyPath = (path: string) => path.replace(SAFETENSORS, '.gguf');

/** What has to be known about a model to download it. */
export type ModelToFetch = Pick<ModelOffer, 'id' | 'type' | 'repo' | 'revision' | 'licence' | 'files'> & {
  /** Keeps a copy in so many bits, not the files. */
  readonly copyBits?: CopyBits | undefined;
};

/** Why a repository that a search has found does not run here: `found` is the pipeline, or the model that a LoRA is made for. */
export type NotRunHere =
  | { readonly kind: 'other-pipeline' | 'other-base'; readonly found: string }
  | { readonly kind: 'only-pickles' };

/** A repository that a search on the Hub has found, as far as its list tells; looking it up tells the rest. */
export interface FoundRepo {
  /** `owner/name`. */
  readonly repo: string;
  /** In the last 30 days. */
  readonly downloads: number;
  readonly licence: string | null;
  /** Whether it is open only to people who have accepted its terms. */
  readonly isGated: boolean;
  /** Null where the list does not tell. */
  readonly type: 'model' | 'lora' | null;
  /** What its latents are; null where the list does not tell. */
  readonly family: Exclude<LatentSpace, 'own'> | null;
  /** The model that a LoRA is made for, as its author names it. */
  readonly base: string | null;
  /** Bytes of memory while it paints, of what is usual for its family; null where that is not known. */
  readonly memoryBytes: number | null;
  /** Bytes of all that the repository stores, of which a part is downloaded; null where the list does not say. */
  readonly storedBytes: number | null;
  readonly notHere: NotRunHere | null;
}
