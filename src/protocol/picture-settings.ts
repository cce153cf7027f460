import type { SchedulerId } from '../catalog/schedulers.ts';
import type { ControlSettings, PicturePromptSettings, Preprocessor } from './control.ts';
import type { StoppedAt, Template } from './generation.ts';
import { fromHires, type Hires } from './hires.ts';
import type { Placing } from './placement.ts';
import type { ImageSettings, PlainSettings, SettingName, SettingValues } from './settings.ts';

/**
 * What a file may say about the request that made it: its settings, with those of the picture it started from beside them. Of
 * a second pass, the settings that could be read.
 */
export type RequestSettings = Partial<PlainSettings & ImageSettings & Pick<Placing, 'offset' | 'border'>> & {
  readonly hires?: Partial<Hires> | null;
  readonly template?: Template | null;
  /** What steered it; absent for nothing. */
  readonly controls?: readonly ControlSettings[];
  readonly picturePrompts?: readonly PicturePromptSettings[];
};

/** The settings that the table has a row for, under its names. */
export function valuesOfSettings(
  settings: Omit<RequestSettings, 'controls' | 'picturePrompts'> & {
    readonly controls?: unknown;
    readonly picturePrompts?: unknown;
  },
): Partial<SettingValues> {
  const { hires, offset: _, border: __, template: ___, ...others } = settings;
  const { controls: ____, picturePrompts: _____, ...values } = others;
  return { ...values, ...fromHires(hires) };
}

/** What a note names: a setting, how the picture to start from is placed, or what steers. */
export type NotedName = SettingName | 'offset' | 'border' | 'controls' | 'picturePrompts';

/** What could not be taken over from a file's settings, or what else they need. */
export type SettingsNote =
  | { readonly kind: 'unknown-sampler'; readonly name: string }
  /** The sampler is known but its schedule of noise levels is not; the sampler's own is used. */
  | { readonly kind: 'other-schedule'; readonly name: string; readonly scheduler: SchedulerId }
  /** The sampler is here with a solver of another order or variant. */
  | { readonly kind: 'near-sampler'; readonly name: string; readonly scheduler: SchedulerId }
  /** The enlarging before a second pass is not known; Lanczos or torch's bilinear stands in, as for latents or pictures. */
  | {
      readonly kind: 'other-upscaler';
      readonly name: string;
      readonly upscaler: NonNullable<SettingValues['hiresUpscaler']>;
    }
  /** A setting that shaped the picture and that could not be found in its file; the form's stays. */
  | { readonly kind: 'unread'; readonly name: NotedName }
  /** A value that a request cannot hold. */
  | { readonly kind: 'refused'; readonly name: NotedName; readonly value: string }
  /** Something that shaped the picture and that Safelight does not have. */
  | { readonly kind: 'no-counterpart'; readonly name: string }
  /** A textual inversion, named by the word that calls it. */
  | { readonly kind: 'embedding'; readonly name: string }
  /** It started from another picture, which is not inside the file. */
  | { readonly kind: 'began-with-picture' }
  /** It was steered by pictures, which are not inside the file: the maps of so many layers, and so many picture prompts. */
  | { readonly kind: 'steered-by-pictures'; readonly layers: number; readonly prompts: number }
  /** A layer's map was made in a way that is not here: `none` for one that has no like, else another of its kind stands in. */
  | { readonly kind: 'other-preprocessor'; readonly name: string; readonly preprocessor: Preprocessor }
  /** The prompt uses another tool's syntax for weights. */
  | { readonly kind: 'other-syntax'; readonly name: string }
  /** The tool weighs words in brackets by a rule that is not here; the form's emphasis stays. */
  | { readonly kind: 'other-emphasis' }
  /** Its settings are of a kind that no reader here knows. */
  | { readonly kind: 'unreadable' }
  /** It was stopped, and kept as it was. */
  | ({ readonly kind: 'stopped' } & StoppedAt)
  /** A newer version wrote it; what this one knows was read. */
  | { readonly kind: 'newer' };

/** The programs whose pictures can be read; those that follow A1111's format count as it. Of unknown ones it can be said that they wrote something. */
export const TOOLS = [
  'Safelight',
  'A1111',
  'ComfyUI',
  'InvokeAI',
  'SwarmUI',
  'Fooocus',
  'NovelAI',
  'Draw Things',
  'Easy Diffusion',
  'unknown',
] as const;
export type Tool = (typeof TOOLS)[number];

/** The tools whose clip skip changes nothing on SDXL (A1111: modules/sd_hijack_clip.py; most such pictures say 2). */
export const NO_SKIP_ON_SDXL: readonly Tool[] = ['A1111', 'Draw Things', 'Easy Diffusion'];

/** What a picture says it was made with. Names of models are as in the file; such a model need not exist here. */
export interface PictureSettings {
  readonly tool: Tool;
  readonly settings: RequestSettings;
  readonly notes: readonly SettingsNote[];
}
