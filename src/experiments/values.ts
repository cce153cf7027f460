/** What a number of an axis may be. */
export interface NumberLimits {
  /** As a sentence calls it: “Guidance scale”. */
  readonly label: string;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/** The values a text means, or why it means none. */
export type Parsed<T> =
  | { readonly values: readonly T[]; readonly fault: null }
  | { readonly values: null; readonly fault: string };

/** More values than this on one axis are a slip of the finger. */
export const MAX_VALUES = 100;

const NUMBER = String.raw`(\d{1,10}(?:\.\d{1,10})?)`;
const RANGE = new RegExp(`^${NUMBER} ?- ?${NUMBER}(?: ?\\( ?([+-]) ?${NUMBER} ?\\)| ?\\[ ?${NUMBER} ?\\])?$`);

/**
 * Numbers as AUTOMATIC1111's X/Y/Z plot reads them (scripts/xyz_grid.py): `1, 3, 5` as they stand, `1-9` one by one,
 * `1-9 (+2)` and `9-1 (-2)` in steps, `0-1 [5]` so many at even distances. A value that comes twice counts once.
 * @returns values in the order written, each inside the limits
 */
export function parseNumbers(text: string, limits: NumberLimits): Parsed<number> {
  const items = text.replaceAll(/[–—]/g, '-').split(',').map(oneSpace);
  const values: number[] = [];
  for (const item of items) {
    if (item === '') continue;
    const numbers = expand(item);
    if (typeof numbers === 'string') return refuse(numbers);
    for (const number of numbers) {
      const value = limits.whole && item.endsWith(']') ? Math.round(number) : number;
      const fault = faultOf(value, limits);
      if (fault) return refuse(fault);
      if (!values.includes(value)) values.push(value);
    }
    if (values.length > MAX_VALUES) return refuse(tooMany);
  }
  return values.length === 0 ? refuse('Type one value or more: 1, 3, 5 or 1-9.') : { values, fault: null };
}

/** One number or range, written out; a sentence where it is neither. */
function expand(item: string): readonly number[] | string {
  if (/^\d*\.?\d+$/.test(item)) return [Number(item)];
  const range = RANGE.exec(item);
  if (!range) return `“${item}” is no number and no range such as 1-9, 1-9 (+2) or 0-1 [5].`;
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (range[5] !== undefined) return evenly(from, to, Number(range[5]));
  const step = range[4] === undefined ? 1 : Number(range[4]);
  if (step === 0) return `“${item}” never arrives: its step is 0.`;
  const sign = range[3] === '-' || (range[3] === undefined && to < from) ? -1 : 1;
  if ((to - from) * sign < 0) return `“${item}” goes the wrong way.`;
  // A hair more, for 0.1 + 0.1 + 0.1 is not 0.3.
  const count = Math.floor(Math.abs(to - from) / step + 1e-9) + 1;
  if (count > MAX_VALUES) return tooMany;
  return Array.from({ length: count }, (_, i) => rounded(from + sign * step * i));
}

/** `count` numbers, the first and the last as told. */
function evenly(from: number, to: number, count: number): readonly number[] | string {
  if (!Number.isInteger(count) || count < 1) return 'Between [ ] stands how many values: a whole number.';
  if (count > MAX_VALUES) return tooMany;
  if (count === 1) return [from];
  return Array.from({ length: count }, (_, i) => rounded(from + ((to - from) * i) / (count - 1)));
}

function faultOf(value: number, { label, min, max, whole }: NumberLimits): string | null {
  if (whole && !Number.isInteger(value)) return `${label} takes whole numbers, not ${value}.`;
  return value < min || value > max ? `${label} goes from ${min} to ${max}, not to ${value}.` : null;
}

/**
 * Terms between commas, as Python's csv module reads them with spaces around left out: what stands in double quotes may
 * hold commas, and `""` there is one quote. The first is searched for, each in turn is put in its place.
 */
export function parseTerms(text: string): Parsed<string> {
  const terms: string[] = [];
  const pattern = /\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(,|$)/y;
  do {
    const [, quoted, plain = '', end] = pattern.exec(text) as RegExpExecArray;
    if (plain.startsWith('"')) return refuse('A quotation mark is left open.');
    const term = quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"');
    if (!terms.includes(term)) terms.push(term);
    if (end === '') break;
  } while (pattern.lastIndex < text.length);
  if (terms[0] === '') return refuse('First the words to search for, then what to put in their place.');
  if (terms.length > MAX_VALUES) return refuse(tooMany);
  return { values: terms, fault: null };
}

/** `512x768, 768×512`: sizes in pixels; each side within the limits and a multiple of 8. */
export function parseSizes(text: string, limits: Omit<NumberLimits, 'label' | 'whole'>): Parsed<string> {
  const values: string[] = [];
  for (const item of text.split(',').map(oneSpace)) {
    if (item === '') continue;
    const sides = /^(\d{1,5}) ?[x×] ?(\d{1,5})$/i.exec(item)?.slice(1).map(Number);
    if (!sides) return refuse(`“${item}” is no size such as 512x768.`);
    if (sides.some((side) => side < limits.min || side > limits.max || side % 8 !== 0))
      return refuse(`Sides go from ${limits.min} to ${limits.max} in steps of 8, unlike ${item}.`);
    const value = sides.join('x');
    if (!values.includes(value)) values.push(value);
  }
  if (values.length > MAX_VALUES) return refuse(tooMany);
  return values.length === 0 ? refuse('Type one size or more: 512x512, 512x768.') : { values, fault: null };
}

const tooMany = `More than ${MAX_VALUES} values on one axis are too many.`;
const refuse = (fault: string) => ({ values: null, fault });
const oneSpace = (text: string) => text.trim().replaceAll(/\s+/g, ' ');
/** As many digits as anybody types. */
const rounded = (value: number) => Number(value.toFixed(6));
