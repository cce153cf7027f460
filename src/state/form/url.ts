import type { NumberSetting, TextSetting } from '../../protocol/setting.ts';
import { SETTING_NAMES, type SettingName, settingOf } from '../../protocol/settings.ts';
import { acceptField, type Fields } from './fields.ts';
import {
  CONTROL,
  type LinkedSteering,
  linkedSteering,
  PICTURE_PROMPT,
  steeringParameters,
} from './steering-link.ts';

/** What a parameter of a link may be. */
export type Expected =
  | ({ readonly kind: 'number' } & Pick<NumberSetting, 'min' | 'max' | 'whole'>)
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | ({ readonly kind: 'text' } & Pick<TextSetting, 'maxLength'>)
  | { readonly kind: 'sampler' | 'model' | 'component' | 'switch' | 'unknown' }
  | { readonly kind: 'control' | 'picturePrompt' };

/** A parameter of a link that was ignored: its value, and what it may be. */
export interface Refused {
  /** As in the link. */
  readonly name: string;
  /** As in the link; of a long one, the beginning. */
  readonly value: string;
  readonly expected: Expected;
}

/** What a link says. */
export interface Link extends Partial<LinkedSteering> {
  readonly fields: Partial<Fields>;
  readonly refused: readonly Refused[];
  /** The names of the styles that are chosen; absent where it says nothing of them. */
  readonly styles?: readonly string[];
  /** Whether to start at once. */
  readonly run: boolean;
}

/**
 * Reads a URL's hash, with or without `#`. Bad parameters and those that nobody knows are listed as `refused`, and all others
 * are applied.
 */
export function readHash(hash: string): Link {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const fields: Partial<Fields> = {};
  const refused: Refused[] = [];
  for (const name of SETTING_NAMES) {
    const { link } = settingOf(name);
    const text = parameters.get(link);
    if (text === null) continue;
    const value = acceptField(name, text);
    if (value === null) refused.push({ name: link, value: beginning(text), expected: expected(name) });
    else Object.assign(fields, { [name]: value });
  }
  const run = parameters.get('run');
  if (run !== null && run !== '0' && run !== '1')
    refused.push({ name: 'run', value: beginning(run), expected: { kind: 'switch' } });
  // A hash without values is a place on a page.
  const unknown = new Map([...parameters].filter(([name, text]) => text !== '' && !KNOWN.has(name)));
  for (const [name, text] of [...unknown].slice(0, MOST_UNKNOWN))
    refused.push({ name: beginning(name), value: beginning(text), expected: { kind: 'unknown' } });
  const styles = parameters.get(STYLES)?.split('\n').filter(Boolean).slice(0, MOST_STYLES);
  const { controls, picturePrompts, unread } = linkedSteering(parameters);
  for (const { name, value } of unread.slice(0, MOST_UNKNOWN))
    refused.push({ name, value: beginning(value), expected: { kind: name } });
  return {
    ...{ fields, refused, run: run === '1', ...(styles && { styles }) },
    ...(controls.length > 0 && { controls }),
    ...(picturePrompts.length > 0 && { picturePrompts }),
  };
}

/** The names of styles, one a line: they may hold commas. */
const STYLES = 'styles';
const MOST_STYLES = 100;

/** What a link may say; `screen` is read by the page itself. */
const KNOWN: ReadonlySet<string> = new Set([
  ...SETTING_NAMES.map((name) => settingOf(name).link),
  'run',
  'screen',
  STYLES,
  CONTROL,
  PICTURE_PROMPT,
]);

/** The hash that brings this form back, or these fields of it, with these styles chosen and what steers, without `#`. */
export const writeHash = (
  fields: Partial<Fields>,
  styles: readonly string[] = [],
  steering: Partial<LinkedSteering> = {},
): string =>
  new URLSearchParams([
    ...Object.entries(linkParameters(fields)),
    ...(styles.length > 0 ? [[STYLES, styles.join('\n')]] : []),
    ...steeringParameters(steering),
  ]).toString();

/** The form, or some of its fields, by the names that a link has for its settings. What a field does not accept is left out. */
export function linkParameters(fields: Partial<Fields>): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const name of SETTING_NAMES) {
    if (fields[name] === undefined) continue;
    const value = acceptField(name, fields[name]);
    if (value !== null)
      parameters[settingOf(name).link] = typeof value === 'boolean' ? String(Number(value)) : value;
  }
  return parameters;
}

const SHOWN_LENGTH = 100;
/** A link that has more was not made for this page. */
const MOST_UNKNOWN = 10;
const beginning = (text: string) => (text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text);

function expected(name: SettingName): Expected {
  const setting = settingOf(name);
  switch (setting.kind) {
    case 'number': {
      const { min, max, whole } = setting;
      return { kind: 'number', min, max, whole };
    }
    case 'choice': {
      if (name === 'scheduler') return { kind: 'sampler' };
      const none = setting.none === undefined ? [] : [setting.none];
      return { kind: 'choice', choices: [...none, ...setting.choices.map(String)] };
    }
    case 'model':
      return { kind: setting.none === undefined ? 'model' : 'component' };
    case 'text':
      return { kind: 'text', maxLength: setting.maxLength };
    case 'switch':
      return { kind: 'switch' };
  }
}
