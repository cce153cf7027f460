import type { SettingName } from '../../protocol/settings.ts';

/** A setting's help in plain sentences. */
export interface SettingHelp {
  /** What it does. */
  readonly does: string;
  /** What more of it brings and what less, or one choice and the other. */
  readonly change: string;
  /** What to begin with; what the model itself says of that comes before it. */
  readonly start: string;
}

/** What has help of a control layer, or of a picture prompt. */
export type ControlHelpName =
  | 'controlModel'
  | 'controlKind'
  | 'controlMap'
  | 'controlThreshold'
  | 'controlSigma'
  | 'controlScale'
  | 'controlPart'
  | 'controlGuess'
  | 'controlOn'
  | 'picturePromptAdapter'
  | 'picturePromptScale'
  | 'picturePromptParts'
  | 'picturePromptOn';

/** What has help beside the settings of the table. */
export type HelpName =
  | SettingName
  | ControlHelpName
  | 'shape'
  | 'startImage'
  | 'loras'
  | 'embeddings'
  | 'axis'
  | 'axisValues'
  | 'prediction'
  | 'mirror'
  | 'token'
  | 'speed';

export interface SettingHelpTexts {
  /** Before what to begin with. */
  readonly start: string;
  /** What the model begins with: “20 for Trinket.” */
  readonly usual: (model: string, value: string) => string;
  /** “Elsewhere: CFG scale (A1111), guidance_scale (diffusers).” */
  readonly elsewhere: (names: string) => string;
  readonly settings: Readonly<Record<HelpName, SettingHelp>>;
}
