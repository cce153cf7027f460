import { useEffect, useMemo, useRef, useState } from 'react';
import { filterRows, modelsOf } from '../../state/gallery/gallery-filter.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGallery } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { GalleryBar } from './GalleryBar.tsx';
import { GalleryFilters } from './GalleryFilters.tsx';
import styles from './GalleryScreen.module.css';
import { GalleryStatus } from './GalleryStatus.tsx';
import { PictureDetail } from './PictureDetail.tsx';
import { PictureGrid } from './PictureGrid.tsx';
import { RefusedFiles } from './RefusedFiles.tsx';

const NONE: readonly PictureRow[] = [];

/** Every picture stored in this browser: view, search, delete and restore, export and import. */
export function GalleryScreen({ onUse }: { readonly onUse: () => void }) {
  const texts = useTexts().gallery;
  const load = useGallery((gallery) => gallery.load);
  const rows = useGallery((gallery) => gallery.rows);
  const filter = useGallery((gallery) => gallery.filter);
  const shown = useMemo(() => (rows ? filterRows(rows, filter) : NONE), [rows, filter]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openId, setOpenId] = useState<string | null>(null);
  useEffect(() => void load(), [load]);
  return (
    <main className={styles.gallery} aria-label={texts.label} tabIndex={-1}>
      <GalleryFilters models={modelsOf(rows ?? NONE)} />
      <div className={styles.head}>
        <GalleryBar
          shown={shown}
          selected={shown.filter(({ id }) => selected.has(id))}
          onSelect={setSelected}
        />
        <Deleted />
      </div>
      <GalleryStatus rows={rows} shown={shown.length} />
      <RefusedFiles />
      <PictureGrid rows={shown} {...{ selected, setSelected }} onOpen={setOpenId} />
      {openId !== null && <PictureDetail rows={shown} id={openId} onTurn={setOpenId} onUse={onUse} />}
    </main>
  );
}

/** What was deleted last, to be restored. */
function Deleted() {
  const texts = useTexts().gallery;
  const last = useGallery(({ deleted }) => deleted.at(-1));
  const undo = useGallery((gallery) => gallery.undo);
  const button = useRef<HTMLButtonElement>(null);
  // The button that deleted may be gone, and the focus with it.
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
