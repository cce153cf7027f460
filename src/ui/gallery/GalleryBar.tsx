import type { PictureRow } from '../../storage/picture-row.ts';
import { saveFile } from '../page/save-file.ts';
import { useGallery } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import styles from './GalleryScreen.module.css';
import { rowFileName } from './row-file-name.ts';

interface Props {
  readonly shown: readonly PictureRow[];
  /** The selected ones of those shown. */
  readonly selected: readonly PictureRow[];
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

/** What can be done with the selected pictures, or, where none is selected, with all that are shown. */
export function GalleryBar({ shown, selected, onSelect }: Props) {
  const texts = useTexts().gallery;
  const zip = useGallery((gallery) => gallery.zip);
  const importFiles = useGallery((gallery) => gallery.importFiles);
  const busy = useGallery((gallery) => gallery.busy !== null);
  const isAnySelected = selected.length > 0;
  const ids = (isAnySelected ? selected : shown).map(({ id }) => id);
  const exportZips = () =>
    zip(ids, rowFileName, (file, part, parts) =>
      saveFile(file, parts === 1 ? 'safelight.zip' : texts.zipName(part, parts)),
    );
  return (
    <div className={styles.bar}>
      {shown.length > 0 && (
        <button
          type="button"
          onClick={() => onSelect(new Set(isAnySelected ? [] : shown.map(({ id }) => id)))}
        >
          {isAnySelected ? texts.deselect(selected.length) : texts.selectAll}
        </button>
      )}
      {isAnySelected && <SelectionButtons {...{ selected, onSelect }} />}
      {ids.length > 0 && (
        <button type="button" aria-disabled={busy} onClick={() => void exportZips()}>
          {isAnySelected ? texts.exportSelected : texts.exportAll}
        </button>
      )}
      <FileButton
        accept="image/png,image/jpeg,image/webp,application/zip,.zip"
        multiple
        onFiles={(files) => void importFiles(files)}
      >
        {texts.import}
      </FileButton>
    </div>
  );
}

function SelectionButtons({ selected, onSelect }: Pick<Props, 'selected' | 'onSelect'>) {
  const texts = useTexts().gallery;
  const remove = useGallery((gallery) => gallery.remove);
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const ids = selected.map(({ id }) => id);
  const areFavourites = selected.every(({ isFavourite }) => isFavourite);
  return (
    <>
      <button
        type="button"
        aria-pressed={areFavourites}
        onClick={() => void setFavourite(ids, !areFavourites)}
      >
        {texts.favourite}
      </button>
      <button
        type="button"
        onClick={() => void remove(ids).then((areGone) => areGone && onSelect(new Set()))}
      >
        {texts.delete}
      </button>
    </>
  );
}
