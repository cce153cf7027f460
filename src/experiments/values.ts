/** What a number of an axis may be. */
export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/** Why a text means no values; `item` is the part of it that is wrong. */
export type ValuesFault =
  | { readonly kind: 'no-numbers' | 'no-sizes' | 'no-terms' | 'no-count' | 'open-quote' }
  | { readonly kind: 'no-number' | 'no-size' | 'endless' | 'wrong-way'; readonly item: string }
  | { readonly kind: 'not-whole'; readonly value: number }
  | { readonly kind: 'out-of-range'; readonly min: number; readonly max: number; readonly value: number }
  | { readonly kind: 'size-out-of-range'; readonly min: number; readonly max: number; readonly item: string }
  | { readonly kind: 'too-many-values'; readonly most: number };

/** The values a text means, or why it means none. */
export type Parsed<T> =
  | { readonly values: readonly T[]; readonly fault: null }
  | { readonly values: null; readonly fault: ValuesFault };

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
    const expanded = expand(item);
    if (expanded.fault) return expanded;
    for (const number of expanded.values) {
      const value = limits.whole && item.endsWith(']') ? Math.round(number) : number;
      const fault = faultOf(value, limits);
      if (fault) return refuse(fault);
      if (!values.includes(value)) values.push(value);
    }
    if (values.length > MAX_VALUES) return refuse(tooMany);
  }
  return values.length === 0 ? refuse({ kind: 'no-numbers' }) : accept(values);
}

/** One number or range, written out; a fault where it is neither. */
function expand(item: string): Parsed<number> {
  if (/^\d*\.?\d+$/.test(item)) return accept([Number(item)]);
  const range = RANGE.exec(item);
  if (!range) return refuse({ kind: 'no-number', item });
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (range[5] !== undefined) return evenly(from, to, Number(range[5]));
  const step = range[4] === undefined ? 1 : Number(range[4]);
  if (step === 0) return refuse({ kind: 'endless', item });
  const sign = range[3] === '-' || (range[3] === undefined && to < from) ? -1 : 1;
  if ((to - from) * sign < 0) return refuse({ kind: 'wrong-way', item });
  // A hair more, for 0.1 + 0.1 + 0.1 is not 0.3.
  const count = Math.floor(Math.abs(to - from) / step + 1e-9) + 1;
  if (count > MAX_VALUES) return refuse(tooMany);
  return accept(Array.from({ length: count }, (_, i) => rounded(from + sign * step * i)));
}

/** `count` numbers, the first and the last as told. */
function evenly(from: number, to: number, count: number): Parsed<number> {
  if (!Number.isInteger(count) || count < 1) return refuse({ kind: 'no-count' });
  if (count > MAX_VALUES) return refuse(tooMany);
  if (count === 1) return accept([from]);
  return accept(Array.from({ length: count }, (_, i) => rounded(from + ((to - from) * i) / (count - 1))));
}

function faultOf(value: number, { min, max, whole }: NumberLimits): ValuesFault | null {
  if (whole && !Number.isInteger(value)) return { kind: 'not-whole', value };
  return value < min || value > max ? { kind: 'out-of-range', min, max, value } : null;
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
    if (plain.startsWith('"')) return refuse({ kind: 'open-quote' });
    const term = quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"');
    if (!terms.includes(term)) terms.push(term);
    if (end === '') break;
  } while (pattern.lastIndex < text.length);
  if (terms[0] === '') return refuse({ kind: 'no-terms' });
  if (terms.length > MAX_VALUES) return refuse(tooMany);
  return accept(terms);
}

/** `512x768, 768×512`: sizes in pixels; each side within the limits and a multiple of 8. */
export function parseSizes(text: string, limits: Omit<NumberLimits, 'whole'>): Parsed<string> {
  const values: string[] = [];
  for (const item of text.split(',').map(oneSpace)) {
    if (item === '') continue;
    const sides = /^(\d{1,5}) ?[x×] ?(\d{1,5})$/i.exec(item)?.slice(1).map(Number);
    if (!sides) return refuse({ kind: 'no-size', item });
    const { min, max } = limits;
    if (sides.some((side) => side < min || side > max || side % 8 !== 0))
      return refuse({ kind: 'size-out-of-range', min, max, item });
    const value = sides.join('x');
    if (!values.includes(value)) values.push(value);
  }
  if (values.length > MAX_VALUES) return refuse(tooMany);
  return values.length === 0 ? refuse({ kind: 'no-sizes' }) : accept(values);
}

const tooMany: ValuesFault = { kind: 'too-many-values', most: MAX_VALUES };
const refuse = (fault: ValuesFault) => ({ values: null, fault });
const accept = <T>(values: readonly T[]) => ({ values, fault: null });
const oneSpace = (text: string) => text.trim().replaceAll(/\s+/g, ' ');
/** As many digits as anybody types. */
const rounded = (value: number) => Number(value.toFixed(6));
