import {
  acceptField,
  DEVICE_CHOICES,
  FITS,
  type Fields,
  MEMORY_CHOICES,
  NOISE_SOURCES,
  NUMBER_RULES,
  type NumberField,
  rangeText,
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

export interface Link {
  /** What the link sets. */
  readonly fields: Partial<Fields>;
  /** One line for each parameter refused: what it said and what would do. */
  readonly refused: readonly string[];
  /** Start at once. */
  readonly run: boolean;
}

/** A URL's hash, with or without `#`. Unknown parameters are ignored, bad ones are named, the rest is applied. */
export function readHash(hash: string): Link {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const fields: Partial<Fields> = {};
  const refused: string[] = [];
  for (const name of PARAMETERS) {
    const text = parameters.get(name);
    if (text === null) continue;
    const value = acceptField(name, text);
    if (value === null) refused.push(`${name}=${text} (${expected(name)})`);
    else Object.assign(fields, { [name]: value });
  }
  const run = parameters.get('run');
  if (run !== null && run !== '0' && run !== '1') refused.push(`run=${run} (0 or 1)`);
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

function expected(name: keyof Fields): string {
  if (name in NUMBER_RULES) return rangeText(name as NumberField);
  if (name === 'sampler') return 'the name of a sampler, such as euler or dpmpp-2m-karras';
  if (name === 'device') return `one of ${Object.keys(DEVICE_CHOICES).join(', ')}`;
  if (name === 'fit') return `one of ${Object.keys(FITS).join(', ')}`;
  if (name === 'hires') return `one of ${Object.keys(HIRES_CHOICES).join(', ')}`;
  if (name === 'maskedContent') return `one of ${Object.keys(MASKED_CONTENTS).join(', ')}`;
  if (name === 'inpaintArea') return `one of ${Object.keys(INPAINT_AREAS).join(', ')}`;
  if (name === 'weights') return `one of ${Object.keys(WEIGHTS_CHOICES).join(', ')}`;
  if (name === 'memory') return `one of ${Object.keys(MEMORY_CHOICES).join(', ')}`;
  if (name === 'noise') return `one of ${Object.keys(NOISE_SOURCES).join(', ')}`;
  if (['textEncoder', 'unet', 'vae', 'preview'].includes(name)) return 'a name on the Hub: owner/name';
  if (name === 'model') return 'trinket, or a name on the Hub: owner/name';
  return '0 or 1';
}
