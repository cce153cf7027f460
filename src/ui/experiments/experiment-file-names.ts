import { type Axes, type AxisKind, type AxisValue, cellValues } from '../../experiments/axes.ts';
import { axisLabel, axisValueText } from '../texts/axis-text.ts';
import type { Texts } from '../texts/en.ts';

/** Characters. */
const MAX_LENGTH = 120;

/** Letters and digits of any script, dots inside numbers, all else as hyphens. */
function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}.]+/gu, '-')
    .replace(/\.(?!\d)|(?<!\d)\./gu, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The name of a cell's file, from its number and its values: `03-guidance-scale-7.5-seed-3.png`. It is unique. */
export function cellFileName(texts: Texts, axes: Axes, cell: number, cells: number): string {
  const number = String(cell + 1).padStart(String(cells).length, '0');
  const values = cellValues(axes, cell);
  const words = axes.map(({ kind }, i) =>
    slug(`${axisLabel(texts, kind)} ${fileText(texts, kind, values[i] as AxisValue)}`),
  );
  return `${number}-${words.join('-').slice(0, MAX_LENGTH)}.png`;
}

/** A number has a dot in every language: a comma would be a hyphen. */
const fileText = (texts: Texts, kind: AxisKind, value: AxisValue) =>
  typeof value === 'number' ? String(value) : axisValueText(texts, kind, value);

/** The name of an experiment's files, without their endings: `guidance-scale-seed-a-red-apple`. */
export function experimentFileName(texts: Texts, axes: Axes, prompt: string): string {
  const words = [...axes.map(({ kind }) => axisLabel(texts, kind)), prompt].map(slug);
  return words.filter(Boolean).join('-').slice(0, MAX_LENGTH);
}
