import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { showPicture } from '../../../state/actions/restore-picture.ts';
import { isBusy } from '../../../state/jobs/generation-store.ts';
import type { PictureRow } from '../../../storage/picture-row.ts';
import { useGallery, useGeneration, useLanguage, useStores } from '../../page/stores-context.ts';
import { pictureText } from '../../texts/picture-text.ts';
import { RECENT_TEXTS } from '../../texts/recent-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { Icon } from '../../widgets/Icon.tsx';
import { useThumbnail } from '../../widgets/use-thumbnail.ts';
import styles from './RecentPictures.module.css';
import { RecentTools } from './RecentTools.tsx';

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * The last pictures, of earlier visits too, the newest first. A press shows one on the easel; the arrow keys go from one to the
 * next, F marks one as a favourite.
 */
export function RecentPictures() {
  const texts = RECENT_TEXTS[useLanguage(({ language }) => language)];
  const stores = useStores();
  const loadRecent = useGallery((gallery) => gallery.loadRecent);
  const recent = useGallery((gallery) => gallery.recent) ?? [];
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const shown = useShownRow();
  const busy = useGeneration(isBusy);
  const list = useRef<HTMLUListElement>(null);
  const keys = useId();
  useEffect(() => void loadRecent(), [loadRecent]);
  if (recent.length < 2) return null;
  const at = recent.findIndex(({ id }) => id === shown);
  const onKeyDown = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const from = buttons.indexOf(event.target as HTMLButtonElement);
    const row = recent[from];
    if (event.key === 'f' && row) void setFavourite([row.id], !row.isFavourite);
    const by = STEPS[event.key];
    const next = by && buttons[from + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.click();
  };
  return (
    <div className={styles.recent}>
      <ul ref={list} aria-label={texts.label} aria-describedby={keys} onKeyDown={onKeyDown}>
        {recent.map((row, i) => (
          <li key={row.id}>
            <Small
              row={row}
              isShown={i === at}
              isOff={busy}
              // One of them is reached by Tab, the others from there.
              tabIndex={i === Math.max(0, at) ? 0 : -1}
              onShow={() => void showPicture(stores, row)}
            />
          </li>
        ))}
      </ul>
      <span id={keys} className="unseen">
        {texts.keys}
      </span>
      <RecentTools {...{ recent, at }} />
    </div>
  );
}

/** The id of the row that is on the easel alone: shown from the gallery, or just painted. */
function useShownRow(): string | null {
  const savedAs = useGallery((gallery) => gallery.savedAs);
  const run = useGeneration((generation) => generation.run);
  if (run?.origin.kind === 'gallery') return run.origin.id;
  const [first, ...others] = run?.pictures ?? [];
  return first?.png && others.length === 0 ? savedAs(first.png) : null;
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
  const text = pictureText(texts, row);
  return (
    <button
      type="button"
      aria-label={row.isFavourite ? `${text}, ${texts.favourite}` : text}
      aria-current={isShown || undefined}
      aria-disabled={isOff}
      tabIndex={tabIndex}
      onClick={onShow}
    >
      {url && <img src={url} alt="" decoding="async" />}
      {row.isFavourite && (
        <span className={styles.star}>
          <Icon name="star" />
        </span>
      )}
    </button>
  );
}
