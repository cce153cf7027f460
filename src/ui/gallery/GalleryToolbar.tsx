import { useId, useState } from 'react';
import { isFiltered, SHOW_ALL } from '../../state/gallery/gallery-filter.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGallery } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { IconButton } from '../widgets/IconButton.tsx';
import { GalleryChoices } from './GalleryChoices.tsx';
import styles from './GalleryToolbar.module.css';
import { useExport } from './use-export.ts';
import { useGalleryTexts } from './use-gallery-texts.ts';

interface Props {
  /** All pictures. */
  readonly rows: readonly PictureRow[];
  readonly shown: readonly PictureRow[];
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

/** Which pictures are shown and how, and what can be done with all of them. On phones the choices are behind a button. */
export function GalleryToolbar({ rows, shown, onSelect }: Props) {
  const { gallery: texts } = useTexts();
  const words = useGalleryTexts();
  const id = useId();
  const filter = useGallery((gallery) => gallery.filter);
  const setFilter = useGallery((gallery) => gallery.setFilter);
  const [isOpen, setOpen] = useState(false);
  return (
    <search className={styles.toolbar} aria-label={words.toolbar}>
      {filter.experiment !== '' && <LeaveExperiment />}
      <input
        type="search"
        className={styles.search}
        aria-label={texts.search}
        placeholder={words.search}
        value={filter.words}
        onChange={(event) => setFilter({ words: event.target.value })}
      />
      <button
        type="button"
        aria-pressed={filter.favourites}
        onClick={() => setFilter({ favourites: !filter.favourites })}
      >
        {texts.favourites}
      </button>
      <span className={styles.more}>
        <IconButton
          icon="choices"
          label={words.more}
          hasTooltip
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        />
      </span>
      <div id={id} className={styles.choices} data-open={isOpen || undefined}>
        <GalleryChoices rows={rows} />
      </div>
      {isFiltered(filter) && <ClearFilters />}
      <GalleryActions {...{ shown, onSelect }} />
    </search>
  );
}

/** What can be done with all that are shown. */
function GalleryActions({ shown, onSelect }: Pick<Props, 'shown' | 'onSelect'>) {
  const texts = useTexts().gallery;
  const importFiles = useGallery((gallery) => gallery.importFiles);
  const exporting = useExport(shown);
  return (
    <div className={styles.actions}>
      {shown.length > 0 && (
        <button type="button" onClick={() => onSelect(new Set(shown.map((row) => row.id)))}>
          {texts.selectAll}
        </button>
      )}
      <FileButton
        accept="image/png,image/jpeg,image/webp,application/zip,.zip"
        multiple
        onFiles={(files) => void importFiles(files)}
      >
        {texts.import}
      </FileButton>
      {shown.length > 0 && (
        <button type="button" {...exporting}>
          {texts.exportAll}
        </button>
      )}
    </div>
  );
}

/** Shows all pictures again, of the experiment that is open if one is. */
function ClearFilters() {
  const { clearFilters } = useGalleryTexts();
  const { experiment } = useGallery((gallery) => gallery.filter);
  const setFilter = useGallery((gallery) => gallery.setFilter);
  return (
    <button
      type="button"
      onClick={({ currentTarget }) => {
        currentTarget.closest('search')?.querySelector('input')?.focus();
        setFilter({ ...SHOW_ALL, experiment });
      }}
    >
      {clearFilters}
    </button>
  );
}

/** Goes back from the pictures of an experiment. */
function LeaveExperiment() {
  const { leaveExperiment } = useGalleryTexts();
  const setFilter = useGallery((gallery) => gallery.setFilter);
  return (
    <button
      type="button"
      onClick={({ currentTarget }) => {
        currentTarget.closest('main')?.focus({ preventScroll: true });
        setFilter({ experiment: '' });
      }}
    >
      {leaveExperiment}
    </button>
  );
}
