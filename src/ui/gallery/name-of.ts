import type { PictureRow } from '../../gallery/picture-row.ts';
import { fileName } from '../create/file-name.ts';

/** What a picture is called outside; one that says nothing of itself by the beginning of its hash. */
export function nameOf({ settings, hash }: PictureRow): string {
  const { prompt = '', seed = Number.parseInt(hash.slice(0, 8), 16) } = settings?.settings ?? {};
  return fileName(prompt, seed);
}
