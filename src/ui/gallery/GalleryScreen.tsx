import { useEffect, useMemo, useRef, useState } from 'react';
import type { PictureRow } from '../../gallery/picture-row.ts';
import { type Imported, modelsOf, shownRows } from '../../state/gallery.ts';
import { errorText } from '../error-text.ts';
import { bytesText } from '../models/bytes-text.ts';
import { saveFile } from '../save-file.ts';
import { useGallery } from '../stores-context.ts';
import { REFUSED_TEXT, usePersistence } from '../use-persistence.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { Filters } from './Filters.tsx';
import styles from './GalleryScreen.module.css';
import { nameOf } from './name-of.ts';
import { PictureDetail } from './PictureDetail.tsx';
import { PictureGrid } from './PictureGrid.tsx';

const NONE: readonly PictureRow[] = [];

/** Every picture of this browser: looked through, searched, thrown away and had back, taken out and brought in. */
export function GalleryScreen({ onUse }: { readonly onUse: () => void }) {
  const load = useGallery((gallery) => gallery.load);
  const rows = useGallery((gallery) => gallery.rows);
  const filter = useGallery((gallery) => gallery.filter);
  const shown = useMemo(() => (rows ? shownRows(rows, filter) : NONE), [rows, filter]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openId, setOpenId] = useState<string | null>(null);
  useEffect(() => void load(), [load]);

  const chosen = shown.filter(({ id }) => selected.has(id));
  return (
    <main className={styles.gallery} aria-label="Gallery" tabIndex={-1}>
      <Filters models={modelsOf(rows ?? NONE)} />
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
  const remove = useGallery((gallery) => gallery.remove);
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const zip = useGallery((gallery) => gallery.zip);
  const importFiles = useGallery((gallery) => gallery.importFiles);
  const busy = useGallery((gallery) => gallery.busy !== null);
  const some = chosen.length > 0;
  const ids = (some ? chosen : shown).map(({ id }) => id);
  const exportThem = async () => {
    await zip(ids, nameOf, (file, part, parts) =>
      saveFile(file, parts === 1 ? 'safelight.zip' : `safelight-${part}-of-${parts}.zip`),
    );
  };
  const areFavourites = chosen.every(({ isFavourite }) => isFavourite);
  return (
    <div className={styles.bar}>
      {shown.length > 0 && (
        <button type="button" onClick={() => setSelected(new Set(some ? [] : shown.map(({ id }) => id)))}>
          {some ? `Deselect ${chosen.length}` : 'Select all'}
        </button>
      )}
      {some && (
        <>
          <button
            type="button"
            aria-pressed={areFavourites}
            onClick={() => void setFavourite(ids, !areFavourites)}
          >
            Favourite
          </button>
          <button
            type="button"
            onClick={() => {
              void remove(ids);
              setSelected(new Set());
            }}
          >
            Delete
          </button>
        </>
      )}
      {ids.length > 0 && (
        <button type="button" aria-disabled={busy} onClick={() => void exportThem()}>
          {some ? 'Export selected' : 'Export all'}
        </button>
      )}
      <FileButton
        accept="image/png,image/jpeg,image/webp,application/zip,.zip"
        multiple
        onFiles={(files) => void importFiles(files)}
      >
        Import…
      </FileButton>
    </div>
  );
}

/** How many there are, and what has just happened to them. */
function Words({ total, shown }: { readonly total: readonly PictureRow[] | null; readonly shown: number }) {
  const strange = useGallery((gallery) => gallery.strange);
  const busy = useGallery((gallery) => gallery.busy);
  const imported = useGallery((gallery) => gallery.imported);
  const error = useGallery((gallery) => gallery.error);
  const bytes = (total ?? NONE).reduce((sum, row) => sum + row.bytes, 0);
  return (
    <div className={styles.words}>
      {error && (
        <p role="alert" className={styles.fault}>
          {errorText(error).sentence} {errorText(error).remedy}
        </p>
      )}
      <p>
        {total === null
          ? 'Looking through the pictures…'
          : total.length === 0
            ? 'No pictures yet: every one you make is kept here, on this device.'
            : `${shown === total.length ? '' : `${shown === 0 ? 'none' : shown} of `}${counted(total.length)} · ${bytesText(bytes)}`}
        {strange > 0 && ` · ${counted(strange)} could not be read`}
        {busy && ` · ${busy.done} of ${busy.total}…`}
        {imported && ` · ${importedText(imported)}`}
      </p>
      {total !== null && total.length > 0 && <KeptForGood />}
    </div>
  );
}

/** Whether the browser may throw the pictures away. */
function KeptForGood() {
  const [persistence, ask] = usePersistence();
  if (persistence === 'refused') return <p>{REFUSED_TEXT}</p>;
  if (persistence !== 'not-asked') return null;
  return (
    <p className={styles.offer}>
      The browser may clear them when the disk fills up.
      <button type="button" onClick={ask}>
        Keep them for good
      </button>
    </p>
  );
}

/** The last ones thrown away, to be had back. */
function Deleted() {
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
      {counted(last.length)} deleted.
      <button
        ref={button}
        type="button"
        onClick={({ currentTarget }) => {
          currentTarget.closest('main')?.focus({ preventScroll: true });
          void undo();
        }}
      >
        Undo
      </button>
    </p>
  );
}

const counted = (count: number) => `${count} ${count === 1 ? 'picture' : 'pictures'}`;

function importedText({ added, known, refused }: Imported): string {
  const parts = [`${counted(added)} imported`];
  if (known > 0) parts.push(`${known} here already`);
  if (refused > 0) parts.push(`${refused} not readable`);
  return parts.join(', ');
}
