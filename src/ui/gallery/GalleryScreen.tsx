import { useEffect, useMemo, useRef, useState } from 'react';
import { filterRows, modelsOf } from '../../state/gallery/gallery-filter.ts';
import type { ImportCounts } from '../../state/gallery/gallery-store.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { saveFile } from '../page/save-file.ts';
import { useGallery } from '../page/stores-context.ts';
import { usePersistence } from '../page/use-persistence.ts';
import { bytesText } from '../texts/bytes-text.ts';
import type { Texts } from '../texts/en.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { GalleryFilters } from './GalleryFilters.tsx';
import styles from './GalleryScreen.module.css';
import { PictureDetail } from './PictureDetail.tsx';
import { PictureGrid } from './PictureGrid.tsx';
import { rowFileName } from './row-file-name.ts';

const NONE: readonly PictureRow[] = [];

/** Every picture of this browser: looked through, searched, thrown away and had back, taken out and brought in. */
export function GalleryScreen({ onUse }: { readonly onUse: () => void }) {
  const texts = useTexts().gallery;
  const load = useGallery((gallery) => gallery.load);
  const rows = useGallery((gallery) => gallery.rows);
  const filter = useGallery((gallery) => gallery.filter);
  const shown = useMemo(() => (rows ? filterRows(rows, filter) : NONE), [rows, filter]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openId, setOpenId] = useState<string | null>(null);
  useEffect(() => void load(), [load]);

  const chosen = shown.filter(({ id }) => selected.has(id));
  return (
    <main className={styles.gallery} aria-label={texts.label} tabIndex={-1}>
      <GalleryFilters models={modelsOf(rows ?? NONE)} />
      <div className={styles.head}>
        <Bar {...{ shown, chosen, setSelected }} />
        <Deleted />
      </div>
      <Words total={rows} shown={shown.length} />
      <PictureGrid rows={shown} {...{ selected, setSelected }} onOpen={setOpenId} />
      {openId !== null && <PictureDetail rows={shown} id={openId} onTurn={setOpenId} onUse={onUse} />}
    </main>
  );
}

interface BarProps {
  readonly shown: readonly PictureRow[];
  readonly chosen: readonly PictureRow[];
  readonly setSelected: (ids: ReadonlySet<string>) => void;
}

/** What can be done with the pictures selected, or with all that are shown. */
function Bar({ shown, chosen, setSelected }: BarProps) {
  const texts = useTexts().gallery;
  const remove = useGallery((gallery) => gallery.remove);
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const zip = useGallery((gallery) => gallery.zip);
  const importFiles = useGallery((gallery) => gallery.importFiles);
  const busy = useGallery((gallery) => gallery.busy !== null);
  const some = chosen.length > 0;
  const ids = (some ? chosen : shown).map(({ id }) => id);
  const exportThem = async () => {
    await zip(ids, rowFileName, (file, part, parts) =>
      saveFile(file, parts === 1 ? 'safelight.zip' : texts.zipName(part, parts)),
    );
  };
  const areFavourites = chosen.every(({ isFavourite }) => isFavourite);
  return (
    <div className={styles.bar}>
      {shown.length > 0 && (
        <button type="button" onClick={() => setSelected(new Set(some ? [] : shown.map(({ id }) => id)))}>
          {some ? texts.deselect(chosen.length) : texts.selectAll}
        </button>
      )}
      {some && (
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
            onClick={() => {
              void remove(ids).then(() => setSelected(new Set()));
            }}
          >
            {texts.delete}
          </button>
        </>
      )}
      {ids.length > 0 && (
        <button type="button" aria-disabled={busy} onClick={() => void exportThem()}>
          {some ? texts.exportSelected : texts.exportAll}
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

/** How many there are, and what has just happened to them. */
function Words({ total, shown }: { readonly total: readonly PictureRow[] | null; readonly shown: number }) {
  const { gallery: texts, errors, numbers } = useTexts();
  const strange = useGallery((gallery) => gallery.unreadable);
  const busy = useGallery((gallery) => gallery.busy);
  const imported = useGallery((gallery) => gallery.imported);
  const error = useGallery((gallery) => gallery.error);
  const bytes = (total ?? NONE).reduce((sum, row) => sum + row.bytes, 0);
  return (
    <div className={styles.words}>
      {error && (
        <p role="alert" className={styles.fault}>
          {errorText(errors, error).sentence} {errorText(errors, error).remedy}
        </p>
      )}
      <p>
        {total === null
          ? texts.reading
          : total.length === 0
            ? texts.none
            : `${shown === total.length ? texts.pictures(shown) : texts.some(shown, total.length)} · ${bytesText(numbers, bytes)}`}
        {strange > 0 && ` · ${texts.unreadable(strange)}`}
        {busy && ` · ${texts.busy(busy.done, busy.total)}`}
        {imported && ` · ${importedText(texts, imported)}`}
      </p>
      {total !== null && total.length > 0 && <KeptForGood />}
    </div>
  );
}

/** Whether the browser may throw the pictures away. */
function KeptForGood() {
  const { gallery: texts, offline } = useTexts();
  const [persistence, ask] = usePersistence();
  if (persistence === 'refused') return <p>{offline.notPromised}</p>;
  if (persistence !== 'not-asked') return null;
  return (
    <p className={styles.offer}>
      {texts.mayBeCleared}
      <button type="button" onClick={ask}>
        {texts.askToKeep}
      </button>
    </p>
  );
}

/** The last ones thrown away, to be had back. */
function Deleted() {
  const texts = useTexts().gallery;
  const last = useGallery(({ deleted }) => deleted.at(-1));
  const undo = useGallery((gallery) => gallery.undo);
  const button = useRef<HTMLButtonElement>(null);
  // What was pressed is gone; the focus would be with it.
  useEffect(() => {
    if (last && document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, [last]);
  if (!last) return null;
  return (
    <p className={styles.offer}>
      {texts.deleted(last.length)}
      <button
        ref={button}
        type="button"
        onClick={({ currentTarget }) => {
          currentTarget.closest('main')?.focus({ preventScroll: true });
          void undo();
        }}
      >
        {texts.undo}
      </button>
    </p>
  );
}

function importedText(texts: Texts['gallery'], { added, known, refused }: ImportCounts): string {
  const parts = [texts.imported(added)];
  if (known > 0) parts.push(texts.known(known));
  if (refused > 0) parts.push(texts.refused(refused));
  return parts.join(', ');
}
