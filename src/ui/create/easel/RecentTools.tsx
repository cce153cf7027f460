import { useState } from 'react';
import type { PictureRow } from '../../../storage/picture-row.ts';
import { CompareDialog } from '../../compare/CompareDialog.tsx';
import { useGallery, useLanguage } from '../../page/stores-context.ts';
import { COMPARE_TEXTS } from '../../texts/compare-texts.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './RecentPictures.module.css';

interface Props {
  readonly recent: readonly PictureRow[];
  /** The place of the one that is on the easel; −1 where it is none of them. */
  readonly at: number;
}

/** Marks the picture on the easel as a favourite, and compares it with the one before, or any two of the last ones. */
export function RecentTools({ recent, at }: Props) {
  const { favourite } = useTexts().gallery;
  const texts = COMPARE_TEXTS[useLanguage(({ language }) => language)];
  const setFavourite = useGallery((gallery) => gallery.setFavourite);
  const [isComparing, setComparing] = useState(false);
  const shown = recent[at];
  const now = Math.max(0, at);
  const before = now + 1 < recent.length ? now + 1 : now - 1;
  const [newer, older] = [recent[Math.min(now, before)], recent[Math.max(now, before)]];
  return (
    <div className={styles.tools}>
      <IconButton
        icon="star"
        label={favourite}
        hasTooltip
        aria-pressed={shown?.isFavourite ?? false}
        aria-disabled={!shown}
        onClick={() => shown && void setFavourite([shown.id], !shown.isFavourite)}
      />
      <IconButton icon="compare" label={texts.compare} hasTooltip onClick={() => setComparing(true)} />
      {isComparing && newer && older && (
        <CompareDialog rows={recent} first={[older.id, newer.id]} onClose={() => setComparing(false)} />
      )}
    </div>
  );
}
