import type { PictureRow } from '../../storage/picture-row.ts';
import { pictureFileName } from '../page/picture-file-name.ts';

const ENDINGS: Readonly<Record<string, string>> = { 'image/jpeg': 'jpg', 'image/webp': 'webp' };

/** What a picture of this MIME type is called outside; one that says nothing of itself by the beginning of its hash. */
export function rowFileName({ settings, hash }: PictureRow, type: string): string {
  const { prompt = '', seed = Number.parseInt(hash.slice(0, 8), 16) } = settings?.settings ?? {};
  return pictureFileName(prompt, seed).replace(/png$/, ENDINGS[type] ?? 'png');
}
