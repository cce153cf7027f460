import Papa from 'papaparse';
import type { Style } from '../../storage/stored-files.ts';
import type { ReadFile } from './kept-list.ts';
import { decode } from './word-list.ts';

/** Why a file, or a row of it, gives no style. */
export type StylesFault =
  | { readonly kind: 'too-large'; readonly name: string; readonly most: number }
  | { readonly kind: 'no-styles'; readonly name: string }
  /** Rows without a name. */
  | { readonly kind: 'unnamed'; readonly name: string; readonly count: number }
  /** Of several styles of one name the last counts. */
  | { readonly kind: 'twice'; readonly name: string; readonly names: readonly string[] };

/** Bytes. Collections of a thousand styles are a tenth of it. */
export const LARGEST_CSV = 4_000_000;
const MAX_NAME = 200;
const MAX_TEXT = 10_000;
const FIELDS = ['name', 'prompt', 'negative_prompt'];

/**
 * Styles out of A1111's styles.csv (modules/styles.py): columns in any order, cells of several lines, files of before that have
 * `text` for `prompt`, rows that begin with `#` left out, spaces behind a comma skipped. A spreadsheet's semicolons and tabs too.
 */
export async function readStylesCsv(file: File): Promise<ReadFile<Style, StylesFault>> {
  const { name } = file;
  if (file.size > LARGEST_CSV) return { items: [], faults: [{ kind: 'too-large', name, most: LARGEST_CSV }] };
  const rows = parse(decode(await file.arrayBuffer()));
  const named = rows.filter((row) => row.name && !row.name.startsWith('#'));
  const items = named.flatMap((row): Style[] => {
    const prompt = row.prompt ?? row.text;
    if (prompt === undefined) return [];
    const texts = {
      prompt: prompt.slice(0, MAX_TEXT),
      negativePrompt: (row.negative_prompt ?? '').slice(0, MAX_TEXT),
    };
    return [{ name: (row.name as string).slice(0, MAX_NAME), ...texts, settings: null }];
  });
  if (items.length === 0) return { items, faults: [{ kind: 'no-styles', name }] };
  const faults: StylesFault[] = [];
  const count = rows.filter((row) => !row.name).length;
  if (count > 0) faults.push({ kind: 'unnamed', name, count });
  const names = items.map((style) => style.name);
  const twice = [...new Set(names.filter((one, i) => names.indexOf(one) !== i))];
  if (twice.length > 0) faults.push({ kind: 'twice', name, names: twice });
  return { items, faults };
}

type Row = Partial<Record<string, string>>;

function parse(text: string): Row[] {
  const [header = ''] = text.split('\n');
  const delimiter = [',', ';', '\t'].find((one) => header.includes(one)) ?? ',';
  // Python skips spaces in front of a cell, even of its quote; Papa Parse keeps them.
  const cells = new RegExp(`(^|[${delimiter}\\n]) *("(?:[^"]|"")*"|[^${delimiter}\\n]*)`, 'g');
  return Papa.parse<Row>(text.replace(cells, '$1$2'), { header: true, skipEmptyLines: 'greedy', delimiter })
    .data;
}

/** Styles as A1111 writes its styles.csv: UTF-8 with a byte order mark, lines that end as Windows' do. Settings have no place there. */
export function stylesCsv(styles: readonly Style[]): string {
  const data = styles.map(({ name, prompt, negativePrompt }) => [name, prompt, negativePrompt]);
  return `\uFEFF${Papa.unparse({ fields: FIELDS, data }, { newline: '\r\n' })}\r\n`;
}
