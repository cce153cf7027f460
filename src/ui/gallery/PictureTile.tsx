import { memo, type MouseEvent as ReactMouseEvent } from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { pictureText } from '../texts/picture-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import { useThumbnail } from '../widgets/use-thumbnail.ts';
import styles from './PictureGrid.module.css';

interface Props {
  readonly row: PictureRow;
  /** A press on it selects, because some picture is selected. */
  readonly isSelecting: boolean;
  readonly isSelected: boolean;
  readonly index: number;
  readonly onClick: (index: number, event: ReactMouseEvent) => void;
  readonly onToggle: (index: number, isRange: boolean) => void;
}

/** One picture of the grid. It renders only when its own properties change: scrolling renders new tiles alone. */
export const PictureTile = memo(({ row, isSelecting, isSelected, index, onClick, onToggle }: Props) => {
  const texts = useTexts().gallery;
  const url = useThumbnail(row.id);
  const text = pictureText(texts, row);
  return (
    <>
      <button
        type="button"
        className={styles.tile}
        aria-label={isSelecting ? text : texts.open(text)}
        aria-pressed={isSelecting ? isSelected : undefined}
        onClick={(event) => onClick(index, event)}
      >
        {url && <img src={url} alt="" decoding="async" />}
      </button>
      <input
        type="checkbox"
        className={styles.check}
        aria-label={texts.select(text)}
        checked={isSelected}
        onChange={({ nativeEvent }) => onToggle(index, (nativeEvent as unknown as MouseEvent).shiftKey)}
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
