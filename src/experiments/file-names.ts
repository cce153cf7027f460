import { AXES, type Axes, type AxisValue, cellValues, valueText } from './axes.ts';

const LONGEST = 120;

/** Letters and digits of any script, dots inside numbers, all else as hyphens; never empty. */
function slug(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}.]+/gu, '-')
    .replace(/\.(?!\d)|(?<!\d)\./gu, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^-+|-+$/g, '');
  return words === '' ? 'nothing' : words;
}

/** A cell's file by its place and its values: `03-guidance-scale-7.5-seed-3.png`. No two cells share one. */
export function cellFileName(axes: Axes, cell: number, cells: number): string {
  const number = String(cell + 1).padStart(String(cells).length, '0');
  const values = cellValues(axes, cell);
  const words = axes.map(({ kind }, i) => slug(`${AXES[kind]} ${valueText(kind, values[i] as AxisValue)}`));
  return `${number}-${words.join('-').slice(0, LONGEST)}.png`;
}

/** What the files of an experiment are called: `guidance-scale-seed-a-red-apple`. */
export function experimentFileName(axes: Axes, prompt: string): string {
  return [...axes.map(({ kind }) => AXES[kind]), prompt].map(slug).join('-').slice(0, LONGEST);
}
