import type { ControlLayer, PicturePrompt } from './control.ts';
import type { MemoryPlan, UsedDevice } from './device.ts';
import type { Hires } from './hires.ts';
import type { InitImageFile } from './init-image.ts';
import { defaultsOf, MODEL_NAMES, PLAIN_NAMES, type PlainSettings, type SettingValues } from './settings.ts';
import type { Wildcards } from './wildcards.ts';

/** Bits of a number in a quantised copy of a model's weights. */
export type QuantizedBits = NonNullable<SettingValues['bits']>;

/** A textual-inversion file and the word in the prompt that calls it. */
export interface EmbeddingFile {
  readonly token: string;
  readonly file: Blob;
}

/** What a person had in the form where a picture was painted with other texts: words were chosen, or styles put around them. */
export interface Template {
  readonly prompt: string;
  readonly negativePrompt: string;
  /** The names of the styles. */
  readonly styles: readonly string[];
}

/** One press of Generate: every setting (settings.ts), and the files that come with them. */
export interface GenerationRequest extends PlainSettings {
  /** The textual inversions that the prompts may call. */
  readonly embeddings: readonly EmbeddingFile[];
  /** The lists of words that the texts may call. */
  readonly wildcards: Wildcards;
  /** What the form held; null where that is the texts as they are. */
  readonly template: Template | null;
  /** The picture to start from; null to start from noise. */
  readonly image: InitImageFile | null;
  /** The second, larger pass; null for none. */
  readonly hires: Hires | null;
  /** What steers the picture. */
  readonly controls: readonly ControlLayer[];
  readonly picturePrompts: readonly PicturePrompt[];
  /** Bytes of memory the device is known to have; null if nothing is known. */
  readonly memoryBytes: number | null;
}

/** What a request holds if nothing else is said: diffusers' own defaults. */
export const REQUEST_DEFAULTS = {
  ...defaultsOf(PLAIN_NAMES),
  embeddings: [],
  wildcards: {},
  template: null,
  image: null,
  hires: null,
  controls: [],
  picturePrompts: [],
  memoryBytes: null,
} satisfies Partial<GenerationRequest>;

/**
 * A tag in the prompt that is left out, or not done as it is written: it is no LoRA's, has no name or no weight that is a
 * number, has more to say than Safelight does, or names a LoRA that another has named before.
 */
export type TagNote =
  | { readonly kind: 'no-lora' | 'no-weight' | 'named-twice'; readonly tag: string }
  | { readonly kind: 'in-part'; readonly tag: string; readonly ignored: string };

/** The model's own components, as they are: what a request goes back to when another model is chosen. */
export const OWN_COMPONENTS = defaultsOf([...MODEL_NAMES, 'bits']);

/** The second pass is that of the enlarged picture (`hires`). All images finish the first pass before any begins the second. */
export type PassNumber = 1 | 2;

/** How far a picture was when it was stopped: steps of a pass that are done, 1 … steps. */
export interface StoppedAt {
  readonly pass: PassNumber;
  readonly step: number;
  readonly steps: number;
}

/** What a person should know of a LoRA that was used. */
export type LoraNote =
  /** Some of it has no place in the model, or is not known: how many keys, and the first of them. */
  | { readonly kind: 'unused-keys'; readonly lora: string; readonly key: string; readonly count: number }
  /** An adapter of PEFT's whose alpha is only in its configuration, which is not here. */
  | { readonly kind: 'unknown-strength'; readonly lora: string }
  /** An adapter of PEFT's whose configuration gives some modules an alpha by a pattern that is not read. */
  | { readonly kind: 'unread-strength'; readonly lora: string; readonly pattern: string };

/** A component that is being loaded, and which one of its kind: some models have several text encoders. */
export interface LoadedComponent {
  readonly kind: 'tokenizer' | 'textEncoder' | 'imageEncoder' | 'denoiser' | 'control' | 'vae';
  /** Counted from 1. */
  readonly number: number;
}

/** What arrives while a request runs, in order. `image` counts from 0. */
export type GenerationProgress =
  /** The device is open; all that follows is computed there. */
  | { readonly stage: 'device'; readonly device: UsedDevice }
  | { readonly stage: 'download'; readonly loadedBytes: number; readonly totalBytes: number }
  /** `fraction`: how much of its weights the device has, 0 … 1; null if that is not known. */
  | { readonly stage: 'load'; readonly component: LoadedComponent; readonly fraction: number | null }
  | { readonly stage: 'tags'; readonly notes: readonly TagNote[] }
  | { readonly stage: 'plan'; readonly plan: MemoryPlan }
  /** The repository names a default sampler that is not known here; the one in the request is used anyway. */
  | { readonly stage: 'substitute'; readonly asked: string }
  /** The LoRAs are read; only where there is something to say. */
  | { readonly stage: 'loras'; readonly notes: readonly LoraNote[] }
  | { readonly stage: 'encode' }
  | {
      readonly stage: 'denoise';
      readonly image: number;
      readonly pass: PassNumber;
      /** Steps of this pass that are done, 1 … steps. */
      readonly step: number;
      readonly steps: number;
      readonly secondsLeft: number;
      /** A quick look at the latents. It is transferred: the receiver closes it. */
      readonly preview: ImageBitmap;
    }
  /** One picture of the filmstrip, decoded in full after `step`. */
  | {
      readonly stage: 'frame';
      readonly image: number;
      readonly pass: PassNumber;
      readonly step: number;
      readonly picture: ImageBitmap;
    }
  /** Between the two passes. */
  | { readonly stage: 'hires'; readonly image: number }
  | { readonly stage: 'decode'; readonly image: number }
  | { readonly stage: 'image'; readonly image: number; readonly picture: GeneratedImage };

/** The texts that a picture was painted with, all words chosen, and what they were made from. */
export type PaintedTexts = Pick<GenerationRequest, 'prompt' | 'negativePrompt' | 'template'>;

/** A finished picture. */
export interface GeneratedImage {
  readonly seed: number;
  readonly texts: PaintedTexts;
  readonly width: number;
  readonly height: number;
  /** A PNG that holds A1111's `parameters` text and the whole request. */
  readonly png: Blob;
}

/** A picture as it was when its run was stopped; `image` counts from 0. */
export interface KeptImage {
  readonly image: number;
  readonly picture: GeneratedImage;
  readonly stopped: StoppedAt;
}

/** What is known once a run is over. */
export interface GenerationResult {
  /** From the arrival of the request to the last picture. */
  readonly seconds: number;
}
