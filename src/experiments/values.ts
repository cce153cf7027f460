/** Which numbers are allowed. */
export interface NumberLimits {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

/** Why a text could not be read as values; `item` is the part that is wrong. */
export type ValuesFault =
  | { readonly kind: 'no-numbers' | 'no-sizes' | 'no-terms' | 'no-count' | 'open-quote' }
  | { readonly kind: 'no-number' | 'no-size' | 'endless' | 'wrong-way'; readonly item: string }
  | { readonly kind: 'not-whole'; readonly value: number }
  | { readonly kind: 'out-of-range'; readonly min: number; readonly max: number; readonly value: number }
  | { readonly kind: 'size-out-of-range'; readonly min: number; readonly max: number; readonly item: string }
  | { readonly kind: 'too-many-values'; readonly most: number };

/** The values that a text was read as, or why it could not be read. */
export type Parsed<T> =
  | { readonly values: readonly T[]; readonly fault: null }
  | { readonly values: null; readonly fault: ValuesFault };

/** More values than this on one axis are surely a typing mistake. */
export const MAX_VALUES = 100;

const NUMBER = String.raw`(\d{1,10}(?:\.\d{1,10})?)`;
const RANGE = new RegExp(`^${NUMBER} ?- ?${NUMBER}(?: ?\\( ?([+-]) ?${NUMBER} ?\\)| ?\\[ ?${NUMBER} ?\\])?$`);

/**
 * Reads numbers as AUTOMATIC1111's X/Y/Z plot does (scripts/xyz_grid.py): a list `1, 3, 5`, a range `1-9`, a range with a
 * step `1-9 (+2)` or `9-1 (-2)`, or a range of evenly spaced values `0-1 [5]`. Repeated values count once.
 * @returns values in the order written, each within the limits
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

/** The values of one number or range. */
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
  // The small addition makes up for rounding: 0.1 + 0.1 + 0.1 is not 0.3.
  const count = Math.floor(Math.abs(to - from) / step + 1e-9) + 1;
  if (count > MAX_VALUES) return refuse(tooMany);
  return accept(Array.from({ length: count }, (_, i) => rounded(from + sign * step * i)));
}

/** `count` evenly spaced numbers, both ends included. */
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
 * Reads terms separated by commas, as Python's csv module does, without the spaces around them: a term in double quotes may
 * hold commas, and `""` in it is one quote. The first term is what the prompt holds; each term in turn replaces it.
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

/** Reads sizes in pixels, `512x768, 768×512`; each side must be within the limits and a multiple of `step`. */
export function parseSizes(
  text: string,
  limits: { readonly min: number; readonly max: number; readonly step: number },
): Parsed<string> {
  const values: string[] = [];
  for (const item of text.split(',').map(oneSpace)) {
    if (item === '') continue;
    const sides = /^(\d{1,5}) ?[x×] ?(\d{1,5})$/i.exec(item)?.slice(1).map(Number);
    if (!sides) return refuse({ kind: 'no-size', item });
    const { min, max, step } = limits;
    if (sides.some((side) => side < min || side > max || side % step !== 0))
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
/** To as many digits as a person would type. */
const rounded = (value: number) => Number(value.toFixed(6));
