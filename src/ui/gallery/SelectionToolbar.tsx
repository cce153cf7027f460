import type { PictureRow } from '../../storage/picture-row.ts';
import { useGallery, useLanguage } from '../page/stores-context.ts';
import { COMPARE_TEXTS } from '../texts/compare-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './GalleryToolbar.module.css';
import { useExport } from './use-export.ts';
import { useGalleryTexts } from './use-gallery-texts.ts';

interface Props {
  readonly shown: readonly PictureRow[];
  /** The selected ones of those shown; at least one. */
  readonly selected: readonly PictureRow[];
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  /** Shows two of them side by side, the older one left. */
  readonly onCompare: (left: string, right: string) => void;
  readonly onTag: () => void;
}

/** What can be done with the selected pictures. It stands in the place of the other toolbar. */
export function SelectionToolbar({ shown, selected, onSelect, onCompare, onTag }: Props) {
  const texts = useTexts().gallery;
  const words = useGalleryTexts();
  const { compare } = COMPARE_TEXTS[useLanguage(({ language }) => language)];
  const remove = useGallery((gallery) => gallery.remove);
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const exporting = useExport(selected);
  const ids = selected.map(({ id }) => id);
  const areFavourites = selected.every(({ isFavourite }) => isFavourite);
  const [one, other, ...more] = selected.toSorted((a, b) => a.createdAt - b.createdAt);
  return (
    <div role="toolbar" aria-label={words.toolbar} className={styles.toolbar}>
      <button type="button" onClick={() => onSelect(new Set())}>
        {texts.deselect(selected.length)}
      </button>
      {selected.length < shown.length && (
        <button type="button" onClick={() => onSelect(new Set(shown.map(({ id }) => id)))}>
          {texts.selectAll}
        </button>
      )}
      <div className={styles.actions}>
        <button
          type="button"
          aria-pressed={areFavourites}
          onClick={() => void setFavourite(ids, !areFavourites)}
        >
          {texts.favourite}
        </button>
        <button type="button" onClick={onTag}>
          {words.editTags}
        </button>
        {one && other && more.length === 0 && (
          <button type="button" onClick={() => onCompare(one.id, other.id)}>
            {compare}
          </button>
        )}
        <button type="button" {...exporting}>
          {texts.exportSelected}
        </button>
        <button
          type="button"
          onClick={() => void remove(ids).then((areGone) => areGone && onSelect(new Set()))}
        >
          {texts.delete}
        </button>
      </div>
    </div>
  );
}
