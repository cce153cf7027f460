import type { ImportResult } from '../../state/gallery/import-result.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useGallery } from '../page/stores-context.ts';
import { usePersistence } from '../page/use-persistence.ts';
import { bytesText } from '../texts/bytes-text.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/use-texts.ts';
import { GalleryFault } from './GalleryFault.tsx';
import styles from './GalleryScreen.module.css';

interface Props {
  /** All pictures; null until they have been read. */
  readonly rows: readonly PictureRow[] | null;
  /** How many of them are shown. */
  readonly shown: number;
}

/** How many pictures there are, and what has just happened to them. */
export function GalleryStatus({ rows, shown }: Props) {
  const texts = useTexts().gallery;
  const unreadable = useGallery((gallery) => gallery.unreadable);
  const busy = useGallery((gallery) => gallery.busy);
  const imported = useGallery((gallery) => gallery.imported);
  return (
    <div className={styles.words}>
      <GalleryFault />
      <p>
        <Count {...{ rows, shown }} />
        {unreadable > 0 && ` · ${texts.unreadable(unreadable)}`}
        {busy && ` · ${texts.busy(busy.done, busy.total)}`}
        {imported && ` · ${importedText(texts, imported)}`}
      </p>
      {rows !== null && rows.length > 0 && <PersistenceOffer />}
    </div>
  );
}

/** “12 of 40 pictures · 31 MB”. */
function Count({ rows, shown }: Props) {
  const { gallery: texts, numbers } = useTexts();
  if (rows === null) return texts.reading;
  if (rows.length === 0) return texts.none;
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  const count = shown === rows.length ? texts.pictures(shown) : texts.some(shown, rows.length);
  return `${count} · ${bytesText(numbers, bytes)}`;
}

/** Asks the browser not to delete the pictures, as long as it has not promised that. */
function PersistenceOffer() {
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

function importedText(texts: Texts['gallery'], { added, known, refused }: ImportResult): string {
  const parts = [texts.imported(added)];
  if (known > 0) parts.push(texts.known(known));
  if (refused.length > 0) parts.push(texts.refused(refused.length));
  return parts.join(', ');
}
