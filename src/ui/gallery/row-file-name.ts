import type { PictureRow } from '../../storage/picture-row.ts';
import { pictureFileName } from '../page/picture-file-name.ts';

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'],
  ['image/webp', 'webp'],
]);

/** The name of the file that a picture is saved as. Without a known seed it has a number from the hash of the file. */
export function rowFileName({ settings, hash }: PictureRow, type: string): string {
  const { prompt = '', seed = Number.parseInt(hash.slice(0, 8), 16) } = settings?.settings ?? {};
  return pictureFileName(prompt, seed).replace(/png$/, EXTENSIONS.get(type) ?? 'png');
}
