import { type MouseEvent, memo } from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { pictureText } from '../texts/picture-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import { useThumbnail } from '../widgets/use-thumbnail.ts';
import styles from './PictureGrid.module.css';

interface Props {
  readonly row: PictureRow;
  readonly isSelected: boolean;
  readonly index: number;
  readonly onClick: (index: number, event: MouseEvent) => void;
  readonly onToggle: (index: number, isRange: boolean) => void;
}

/** One picture of the grid. It renders only when its own properties change: scrolling renders new tiles alone. */
export const PictureTile = memo(({ row, isSelected, index, onClick, onToggle }: Props) => {
  const texts = useTexts().gallery;
  const url = useThumbnail(row.id);
  const text = pictureText(texts, row);
  return (
    <>
      <button
        type="button"
        className={styles.tile}
        aria-label={texts.open(text)}
        onClick={(event) => onClick(index, event)}
      >
        {url && <img src={url} alt="" decoding="async" />}
      </button>
      <input
        type="checkbox"
        className={styles.check}
        aria-label={texts.select(text)}
        checked={isSelected}
        onChange={() => onToggle(index, false)}
      />
      {row.isFavourite && (
        <span className={styles.star}>
          <Icon name="star" />
          <span className="unseen">{texts.favourite}</span>
        </span>
      )}
    </>
  );
});
