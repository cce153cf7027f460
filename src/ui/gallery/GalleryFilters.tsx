import { useId } from 'react';
import { useGallery } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './GalleryScreen.module.css';

/** Which pictures are shown. */
export function GalleryFilters({ models }: { readonly models: Readonly<Record<string, string>> }) {
  const texts = useTexts().gallery;
  const id = useId();
  const filter = useGallery((gallery) => gallery.filter);
  const setFilter = useGallery((gallery) => gallery.setFilter);
  const names = Object.entries(models);
  return (
    <search className={styles.filters}>
      <input
        type="search"
        aria-label={texts.search}
        placeholder={texts.search}
        value={filter.words}
        onChange={(event) => setFilter({ words: event.target.value })}
      />
      {(names.length > 1 || filter.model !== '') && (
        <select
          id={id}
          aria-label={texts.model}
          value={filter.model}
          onChange={(event) => setFilter({ model: event.target.value })}
        >
          <option value="">{texts.everyModel}</option>
          {names.map(([model, label]) => (
            <option key={model} value={model}>
              {label}
            </option>
          ))}
        </select>
      )}
      <button
        type="button"
        aria-pressed={filter.favourites}
        onClick={() => setFilter({ favourites: !filter.favourites })}
      >
        {texts.favourites}
      </button>
    </search>
  );
}
