import type { PictureRow } from '../../storage/picture-row.ts';
import type { Texts } from './en.ts';

/** What a picture of the gallery is called where it cannot be seen: its prompt, or its seed. */
export function pictureText(texts: Texts['gallery'], { settings }: PictureRow): string {
  const { prompt = '', seed } = settings?.settings ?? {};
  if (prompt.trim() !== '') return prompt;
  return seed === undefined ? texts.withoutPrompt : texts.ofSeed(seed);
}
