import { type KeyboardEvent, useEffect, useRef } from 'react';
import { showPicture } from '../../../state/actions/restore-picture.ts';
import { isBusy } from '../../../state/jobs/generation-store.ts';
import type { PictureRow } from '../../../storage/picture-row.ts';
import { useGallery, useGeneration, useLanguage, useStores } from '../../page/stores-context.ts';
import { pictureText } from '../../texts/picture-text.ts';
import { RECENT_TEXTS } from '../../texts/recent-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { useThumbnail } from '../../widgets/use-thumbnail.ts';
import styles from './RecentPictures.module.css';

const COUNT = 24;
const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The last pictures, of earlier visits too, the newest first. A press shows one on the easel; the arrow keys go from one to the next. */
export function RecentPictures() {
  const texts = RECENT_TEXTS[useLanguage(({ language }) => language)];
  const stores = useStores();
  const load = useGallery((gallery) => gallery.load);
  const isRead = useGallery(({ rows }) => rows !== null);
  const rows = useGallery((gallery) => gallery.rows);
  const shown = useGeneration(({ run }) => (run?.origin.kind === 'gallery' ? run.origin.id : null));
  const busy = useGeneration(isBusy);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (!isRead) void load();
  }, [isRead, load]);
  const recent = (rows ?? []).filter(({ settings }) => settings).slice(0, COUNT);
  if (recent.length < 2) return null;
  // One of them is reached by Tab, the others from there.
  const current = Math.max(
    0,
    recent.findIndex(({ id }) => id === shown),
  );
  const onKeyDown = (event: KeyboardEvent) => {
    const by = STEPS[event.key];
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const next = by && buttons[buttons.indexOf(event.target as HTMLButtonElement) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  };
  return (
    <ul ref={list} className={styles.recent} aria-label={texts.label} onKeyDown={onKeyDown}>
      {recent.map((row, i) => (
        <li key={row.id}>
          <Small
            row={row}
            isShown={row.id === shown}
            isOff={busy}
            tabIndex={i === current ? 0 : -1}
            onShow={() => void showPicture(stores, row)}
          />
        </li>
      ))}
    </ul>
  );
}

interface SmallProps {
  readonly row: PictureRow;
  readonly isShown: boolean;
  /** While a picture develops, that is seen. */
  readonly isOff: boolean;
  readonly tabIndex: number;
  readonly onShow: () => void;
}

function Small({ row, isShown, isOff, tabIndex, onShow }: SmallProps) {
  const texts = useTexts().gallery;
  const url = useThumbnail(row.id);
  return (
    <button
      type="button"
      aria-label={pictureText(texts, row)}
      aria-current={isShown || undefined}
      aria-disabled={isOff}
      tabIndex={tabIndex}
      onClick={onShow}
    >
      {url && <img src={url} alt="" decoding="async" />}
    </button>
  );
}
