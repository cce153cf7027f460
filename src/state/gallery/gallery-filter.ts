import { modelLabel } from '../../catalog/models.ts';
import { hasWords, type PictureRow } from '../../storage/picture-row.ts';

/** Which pictures the gallery shows. */
export interface GalleryFilter {
  /** Words that all have to be in the prompt or the negative prompt. */
  readonly words: string;
  /** A model's id; empty for any. */
  readonly model: string;
  /** Favourites only. */
  readonly favourites: boolean;
}

/** Lets every row through. */
export const SHOW_ALL: GalleryFilter = { words: '', model: '', favourites: false };

/** The rows that a filter lets through, in their order. */
export function filterRows(rows: readonly PictureRow[], { words, model, favourites }: GalleryFilter) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(
    (row) =>
      (!favourites || row.isFavourite) &&
      (model === '' || row.settings?.settings.model === model) &&
      hasWords(row, wanted),
  );
}

/** The models that made these pictures: their labels by their ids. */
export function modelsOf(rows: readonly PictureRow[]): Readonly<Record<string, string>> {
  const ids = new Set(rows.flatMap(({ settings }) => settings?.settings.model ?? []));
  return Object.fromEntries([...ids].map((id) => [id, modelLabel(id)]));
}
