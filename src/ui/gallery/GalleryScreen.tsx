import { useCallback, useEffect, useMemo, useState } from 'react';
import { filterRows } from '../../state/gallery/gallery-filter.ts';
import { arrange } from '../../state/gallery/gallery-order.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { CompareDialog } from '../compare/CompareDialog.tsx';
import { useGallery, useGalleryView } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Deleted } from './Deleted.tsx';
import styles from './GalleryScreen.module.css';
import { GalleryStatus } from './GalleryStatus.tsx';
import { GalleryToolbar } from './GalleryToolbar.tsx';
import { PictureDetail } from './PictureDetail.tsx';
import { PictureGrid } from './PictureGrid.tsx';
import { RefusedFiles } from './RefusedFiles.tsx';
import { SelectionToolbar } from './SelectionToolbar.tsx';
import { TagsDialog } from './TagsDialog.tsx';

const NONE: readonly PictureRow[] = [];

/** Every picture stored in this browser: view, search, sort, tag, compare, delete and restore, export and import. */
export function GalleryScreen({ onUse }: { readonly onUse: () => void }) {
  const texts = useTexts().gallery;
  const load = useGallery((gallery) => gallery.load);
  const setFilter = useGallery((gallery) => gallery.setFilter);
  const rows = useGallery((gallery) => gallery.rows);
  const shown = useShown(rows ?? NONE);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [openId, setOpenId] = useState<string | null>(null);
  const [tagged, setTagged] = useState<ReadonlySet<string> | null>(null);
  const [pair, setPair] = useState<readonly [string, string] | null>(null);
  useEffect(() => void load(), [load]);
  const open = useCallback(
    ([first, ...others]: readonly PictureRow[]) => {
      if (first && others.length === 0) setOpenId(first.id);
      else if (first?.experiment) setFilter({ experiment: first.experiment });
    },
    [setFilter],
  );
  const chosen = useMemo(() => shown.rows.filter(({ id }) => selected.has(id)), [shown, selected]);
  // What the filter hides is not selected.
  const chosenIds = useMemo(() => new Set(chosen.map(({ id }) => id)), [chosen]);
  return (
    <main className={styles.gallery} aria-label={texts.label} tabIndex={-1}>
      <div className={styles.head} data-selecting={chosen.length > 0 || undefined}>
        {chosen.length > 0 ? (
          <SelectionToolbar
            shown={shown.rows}
            selected={chosen}
            onSelect={setSelected}
            onCompare={(left, right) => setPair([left, right])}
            onTag={() => setTagged(chosenIds)}
          />
        ) : (
          <GalleryToolbar rows={rows ?? NONE} shown={shown.rows} onSelect={setSelected} />
        )}
        <Deleted />
      </div>
      <GalleryStatus rows={rows} shown={shown.rows.length} />
      <RefusedFiles />
      <PictureGrid groups={shown.groups} selected={chosenIds} setSelected={setSelected} onOpen={open} />
      {openId !== null && <PictureDetail rows={shown.rows} id={openId} onTurn={setOpenId} onUse={onUse} />}
      {tagged && rows && (
        <TagsDialog rows={rows.filter(({ id }) => tagged.has(id))} onClose={() => setTagged(null)} />
      )}
      {pair && <CompareDialog rows={chosen} first={pair} onClose={() => setPair(null)} />}
    </main>
  );
}

/** What the filter lets through, as it is arranged, and all of it in that order. */
function useShown(rows: readonly PictureRow[]) {
  const filter = useGallery((gallery) => gallery.filter);
  const sort = useGalleryView((view) => view.sort);
  return useMemo(() => {
    const groups = arrange(filterRows(rows, filter), sort, filter.experiment === '');
    return { groups, rows: groups.flatMap(({ stacks }) => stacks.flat()) };
  }, [rows, filter, sort]);
}
