import {
  acceptField,
  DEVICE_CHOICES,
  FITS,
  type Fields,
  MEMORY_CHOICES,
  NOISE_SOURCES,
  NUMBER_RULES,
  type NumberField,
  type NumberRule,
  WEIGHTS_CHOICES,
} from './fields.ts';
import { HIRES_CHOICES } from './hires.ts';
import { INPAINT_AREAS, MASKED_CONTENTS } from './inpaint.ts';

/** The parameters of a link, in the order they are written. Their names are the fields'. */
const PARAMETERS = [
  'prompt',
  'negative',
  'seed',
  'steps',
  'guidance',
  'sampler',
  'width',
  'height',
  'model',
  'images',
  'device',
  'filmstrip',
  'rescale',
  'guidanceStart',
  'guidanceEnd',
  'clipSkip',
  'eta',
  'noise',
  'strength',
  'fit',
  'hires',
  'hiresScale',
  'hiresStrength',
  'hiresSteps',
  'maskBlur',
  'maskedContent',
  'inpaintArea',
  'textEncoder',
  'unet',
  'vae',
  'preview',
  'memory',
  'weights',
] as const satisfies readonly (keyof Fields)[];

const CHOICES = {
  device: DEVICE_CHOICES,
  fit: FITS,
  hires: HIRES_CHOICES,
  maskedContent: MASKED_CONTENTS,
  inpaintArea: INPAINT_AREAS,
  weights: WEIGHTS_CHOICES,
  memory: MEMORY_CHOICES,
  noise: NOISE_SOURCES,
} as const satisfies Partial<Record<keyof Fields, readonly string[]>>;

const COMPONENTS: readonly (keyof Fields)[] = ['textEncoder', 'unet', 'vae', 'preview'];

/** What a parameter takes. */
export type Expected =
  | ({ readonly kind: 'number' } & Pick<NumberRule, 'min' | 'max' | 'whole'>)
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'sampler' | 'model' | 'component' | 'switch' };

/** A parameter that could not be taken: what it said, and what would do. */
export interface Refused {
  readonly name: string;
  readonly value: string;
  readonly expected: Expected;
}

export interface Link {
  /** What the link sets. */
  readonly fields: Partial<Fields>;
  readonly refused: readonly Refused[];
  /** Start at once. */
  readonly run: boolean;
}

/** A URL's hash, with or without `#`. Unknown parameters are ignored, bad ones are named, the rest is applied. */
export function readHash(hash: string): Link {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const fields: Partial<Fields> = {};
  const refused: Refused[] = [];
  for (const name of PARAMETERS) {
    const text = parameters.get(name);
    if (text === null) continue;
    const value = acceptField(name, text);
    if (value === null) refused.push({ name, value: text, expected: expected(name) });
    else Object.assign(fields, { [name]: value });
  }
  const run = parameters.get('run');
  if (run !== null && run !== '0' && run !== '1')
    refused.push({ name: 'run', value: run, expected: { kind: 'switch' } });
  return { fields, refused, run: run === '1' };
}

/** The hash that brings this form back, without `#`. A number that is none yet is left out. */
export function writeHash(fields: Fields): string {
  const parameters = new URLSearchParams();
  for (const name of PARAMETERS) {
    const value = acceptField(name, fields[name]);
    if (value !== null) parameters.set(name, typeof value === 'boolean' ? String(Number(value)) : value);
  }
  return parameters.toString();
}

function expected(name: keyof Fields): Expected {
  if (name in NUMBER_RULES) return { kind: 'number', ...NUMBER_RULES[name as NumberField] };
  if (name === 'sampler') return { kind: 'sampler' };
  if (name === 'model') return { kind: 'model' };
  if (name in CHOICES) return { kind: 'choice', choices: CHOICES[name as keyof typeof CHOICES] };
  return COMPONENTS.includes(name) ? { kind: 'component' } : { kind: 'switch' };
}
