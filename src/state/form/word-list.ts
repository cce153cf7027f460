import type { WordList } from '../../storage/stored-files.ts';
import type { ReadFile } from './kept-list.ts';

/** Why a file gives no list of words. */
export type WordListFault =
  | { readonly kind: 'too-large'; readonly name: string; readonly most: number }
  | { readonly kind: 'no-text' | 'no-words'; readonly name: string };

/** Bytes. The largest collections that people share are a tenth of it. */
export const LARGEST_LIST = 4_000_000;

/**
 * A file with an entry on each line as a list of words; lines that begin with `#`, and empty ones, are left out. Its name is the
 * file's, without what a wildcard cannot have (`__`, braces).
 */
export async function readWordList(file: File): Promise<ReadFile<WordList, WordListFault>> {
  const { name } = file;
  const refuse = (fault: WordListFault) => ({ items: [], faults: [fault] });
  if (file.size > LARGEST_LIST) return refuse({ kind: 'too-large', name, most: LARGEST_LIST });
  const text = decode(await file.arrayBuffer());
  if (text.includes('\0')) return refuse({ kind: 'no-text', name });
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const words = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const called = name
    .replace(/\.[^.]*$/, '')
    .replace(/[{}|<>\\]/g, '')
    .replace(/_{2,}/g, '_')
    .replace(/^[^\p{L}\p{N}]+|_+$/gu, '')
    .slice(0, 200);
  if (words.length === 0 || called === '') return refuse({ kind: 'no-words', name });
  return { items: [{ name: called, words }], faults: [] };
}

/** UTF-8, or what Windows wrote before. */
export function decode(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
