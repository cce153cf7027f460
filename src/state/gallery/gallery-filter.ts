import { modelLabel } from '../../catalog/models.ts';
import { hasWords, type PictureRow } from '../../storage/picture-row.ts';
import { tagKey } from '../../storage/tags.ts';

/** Which pictures the gallery shows. */
export interface GalleryFilter {
  /** Words that all have to be in the prompt, the negative prompt or the tags. */
  readonly words: string;
  /** A model's id; empty for any. */
  readonly model: string;
  /** A tag; empty for any. */
  readonly tag: string;
  /** An experiment's id: its pictures only. Empty for all. */
  readonly experiment: string;
  /** Favourites only. */
  readonly favourites: boolean;
}

/** Lets every row through. */
export const SHOW_ALL: GalleryFilter = { words: '', model: '', tag: '', experiment: '', favourites: false };

/** Whether pictures are left out beside those that are not of the experiment. */
export const isFiltered = ({ words, model, tag, favourites }: GalleryFilter): boolean =>
  words.trim() !== '' || model !== '' || tag !== '' || favourites;

/** The rows that a filter lets through, in their order. */
export function filterRows(rows: readonly PictureRow[], filter: GalleryFilter) {
  const { words, model, tag, experiment, favourites } = filter;
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const key = tagKey(tag);
  return rows.filter(
    (row) =>
      (!favourites || row.isFavourite) &&
      (model === '' || row.settings?.settings.model === model) &&
      (experiment === '' || row.experiment === experiment) &&
      (tag === '' || row.tags.some((one) => tagKey(one) === key)) &&
      hasWords(row, wanted),
  );
}

/** The models that made these pictures: their labels by their ids. */
export function modelsOf(rows: readonly PictureRow[]): Readonly<Record<string, string>> {
  const ids = new Set(rows.flatMap(({ settings }) => settings?.settings.model ?? []));
  return Object.fromEntries([...ids].map((id) => [id, modelLabel(id)]));
}

/** The tags of these pictures, in the order of the alphabet, with how many have each. */
export function tagsOf(rows: readonly PictureRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, { readonly tag: string; readonly count: number }>();
  for (const { tags } of rows)
    for (const tag of tags) {
      const { tag: first = tag, count = 0 } = counts.get(tagKey(tag)) ?? {};
      counts.set(tagKey(tag), { tag: first, count: count + 1 });
    }
  const sorted = [...counts.values()].sort((a, b) => a.tag.localeCompare(b.tag));
  return new Map(sorted.map(({ tag, count }) => [tag, count]));
}
