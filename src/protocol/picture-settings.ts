import type { SchedulerId } from '../catalog/schedulers.ts';
import type { GenerationRequest } from './generation.ts';
import type { InitImageFile } from './init-image.ts';

/** What a file may say of a request: its plain values, and those of the picture it began with. */
export type RequestSettings = Partial<
  Omit<GenerationRequest, 'embeddings' | 'image' | 'memoryBytes'> &
    Pick<
      InitImageFile,
      'strength' | 'fit' | 'offset' | 'border' | 'maskBlur' | 'maskedContent' | 'paddingMaskCrop'
    >
>;

/** What of a file's settings could not be taken over, or needs something beside them. */
export type SettingsNote =
  | { readonly kind: 'unknown-sampler'; readonly name: string }
  /** The sampler is known, its schedule of noise levels is not; the sampler's own is used. */
  | { readonly kind: 'other-schedule'; readonly name: string; readonly scheduler: SchedulerId }
  /** A value that no request may hold. */
  | { readonly kind: 'refused'; readonly name: string; readonly value: string }
  /** Something that shaped the picture and has no counterpart here. */
  | { readonly kind: 'no-counterpart'; readonly name: string }
  /** A textual inversion, by the word that calls it. */
  | { readonly kind: 'embedding'; readonly name: string }
  /** It began with a picture, which is not inside it. */
  | { readonly kind: 'began-with-picture' }
  /** The prompt is written for another reader of weights. */
  | { readonly kind: 'other-syntax'; readonly name: string }
  /** Written by a newer version; what is known of it was read. */
  | { readonly kind: 'newer' };

/** What a picture says it was made with. Names of models are as the file has them, and may be of nothing here. */
export interface PictureSettings {
  readonly tool: 'Safelight' | 'A1111' | 'ComfyUI' | 'InvokeAI';
  readonly settings: RequestSettings;
  readonly notes: readonly SettingsNote[];
}
