// What a row of the table of settings may say (settings.ts).

interface SettingFacts {
  /** Its name in a link and in the stored form. Never change one: old links and stored forms would lose it. */
  readonly link: string;
  /** Its name in the `parameters` text that AUTOMATIC1111's web UI writes into pictures. */
  readonly a1111?: string;
  /**
   * What an axis of an experiment over it holds at first, as typed; empty where the form or its model says that, or nothing
   * does. Absent where experiments leave it alone.
   */
  readonly axis?: string;
  /** The part of the request that holds it; absent for the request itself. */
  readonly within?: 'image' | 'hires';
  /** It belongs to this device or person, not to the picture: another picture's settings leave it alone. */
  readonly isLocal?: true;
}

/** A number. Whole numbers are multiples of `step`; the others may have any decimals. */
export interface NumberSetting extends SettingFacts {
  readonly kind: 'number';
  /** The least and the most that the engine can do. */
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  /** What one press of an arrow key adds. */
  readonly step: number;
  /** How far its slider goes (a larger number can be typed); absent where there is no slider. */
  readonly slider?: number;
  readonly default?: number;
  readonly initial?: number;
}

/** One of a few values. */
export interface ChoiceSetting extends SettingFacts {
  readonly kind: 'choice';
  readonly choices: readonly (string | number)[];
  /** A1111's words for the choices, in their order, where they are not ours. */
  readonly a1111Words?: readonly string[];
  /** The form's word for null: none of them. */
  readonly none?: string;
  readonly default?: string | number | null;
  readonly initial?: string;
}

/** A model, or where a component is taken from. */
export interface ModelSetting extends SettingFacts {
  readonly kind: 'model';
  /** diffusers' name of the component that it replaces; absent for what is no component of the model. */
  readonly component?: string;
  /** The form's word for null: the model's own. */
  readonly none?: string;
  readonly default?: null;
  readonly initial?: string;
}

export interface TextSetting extends SettingFacts {
  readonly kind: 'text';
  /** Characters. */
  readonly maxLength: number;
  readonly default?: string;
  readonly initial?: string;
}

/** On or off. */
export interface SwitchSetting extends SettingFacts {
  readonly kind: 'switch';
  readonly default?: boolean;
  readonly initial?: boolean;
}

/**
 * A row of the table. `default` is diffusers' own: what a request holds if nothing else is said. `initial` is what a fresh
 * form holds, if that is not the default or there is none. For a setting without either, the model or chance decides.
 */
export type Setting = NumberSetting | ChoiceSetting | ModelSetting | TextSetting | SwitchSetting;
