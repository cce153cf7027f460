import { SCHEDULERS, type SchedulerId } from '../catalog/schedulers.ts';
import { acceptField, type Fields } from './fields.ts';

/** Longer texts are no settings. */
const MAX_LENGTH = 100_000;

/** Names that other tools have for a sampler of ours. */
const SAMPLERS: Readonly<Record<string, SchedulerId>> = {
  ...Object.fromEntries(
    Object.entries(SCHEDULERS).map(([id, { label }]) => [label.toLowerCase(), id as SchedulerId]),
  ),
  plms: 'pndm',
};

/** What A1111 calls a field. */
const NAMES = {
  Steps: 'steps',
  'CFG scale': 'guidance',
  Seed: 'seed',
  'Denoising strength': 'strength',
  Eta: 'eta',
  'CFG Rescale': 'rescale',
  'Guidance start': 'guidanceStart',
  'Guidance end': 'guidanceEnd',
} as const satisfies Record<string, keyof Fields>;

/**
 * The settings in a picture's `parameters` text, as AUTOMATIC1111's web UI and Safelight write it
 * (modules/infotext_utils.py, parse_generation_parameters): prompt, negative prompt, then `Steps: 20, Sampler: …`.
 * What the form does not accept is left out; a text without such a last line holds no settings.
 */
export function readParameters(text: string): Partial<Fields> {
  const lines = text.slice(0, MAX_LENGTH).trimEnd().split('\n');
  const last = lines.pop() ?? '';
  if (!last.startsWith('Steps: ')) return {};
  const negativeAt = lines.findIndex((line) => line.startsWith('Negative prompt:'));
  const prompt = lines.slice(0, negativeAt < 0 ? lines.length : negativeAt);
  const negative = negativeAt < 0 ? [] : lines.slice(negativeAt);
  const fields: Record<string, unknown> = {
    prompt: prompt.join('\n'),
    negative: negative.join('\n').replace(/^Negative prompt: ?/, ''),
  };
  const take = (field: keyof Fields, value: unknown) => {
    const accepted = acceptField(field, value);
    if (accepted !== null) fields[field] = accepted;
  };

  const pairs = keyValues(last);
  for (const [name, field] of Object.entries(NAMES)) take(field, pairs.get(name));
  const sampler = pairs.get('Sampler')?.toLowerCase() ?? '';
  const schedule = pairs.get('Schedule type')?.toLowerCase() ?? '';
  take('sampler', SAMPLERS[`${sampler} ${schedule}`] ?? SAMPLERS[sampler]);
  const [width, height] = pairs.get('Size')?.split('x') ?? [];
  take('width', width);
  take('height', height);
  // A1111 counts from the last layer: its 1 is none left out.
  take('clipSkip', String(Number(pairs.get('Clip skip') ?? 1) - 1));
  take('noise', pairs.get('RNG')?.toLowerCase());
  return fields as Partial<Fields>;
}

/** `Key: value, Key: "a value, with a comma"`. */
function keyValues(line: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  let at = 0;
  while (at < line.length) {
    const colon = line.indexOf(': ', at);
    if (colon < 0) break;
    const isQuoted = line[colon + 2] === '"';
    const quote = isQuoted ? line.indexOf('"', colon + 3) : -1;
    const comma = line.indexOf(', ', quote < 0 ? colon : quote);
    const end = comma < 0 ? line.length : comma;
    const value = line.slice(colon + 2, end).trim();
    pairs.set(line.slice(at, colon).trim(), isQuoted ? value.slice(1, -1) : value);
    at = end + 2;
  }
  return pairs;
}
