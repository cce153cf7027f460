import { memo, type MouseEvent as ReactMouseEvent } from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { pictureText } from '../texts/picture-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';
import { useThumbnail } from '../widgets/use-thumbnail.ts';
import styles from './PictureGrid.module.css';
import { useGalleryTexts } from './use-gallery-texts.ts';

interface Props {
  /** One picture, or those of an experiment. */
  readonly stack: readonly PictureRow[];
  /** A press on it selects, because some picture is selected. */
  readonly isSelecting: boolean;
  readonly isSelected: boolean;
  readonly index: number;
  readonly onClick: (index: number, event: ReactMouseEvent) => void;
  readonly onToggle: (index: number, isRange: boolean) => void;
}

/** One picture or stack of the grid. It renders only when its own properties change: scrolling renders new tiles alone. */
export const PictureTile = memo(({ stack, isSelecting, isSelected, index, onClick, onToggle }: Props) => {
  const texts = useTexts().gallery;
  const { stack: stackText } = useGalleryTexts();
  const [first] = stack;
  const url = useThumbnail(first?.id ?? '');
  if (!first) return null;
  const picture = pictureText(texts, first);
  const isStack = stack.length > 1;
  const text = isStack ? stackText(stack.length, picture) : picture;
  return (
    <>
      <button
        type="button"
        className={isStack ? `${styles.tile} ${styles.stack}` : styles.tile}
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
      {first.isFavourite && (
        <span className={styles.star}>
          <Icon name="star" />
          <span className="unseen">{texts.favourite}</span>
        </span>
      )}
      {isStack && (
        <span className={styles.count} aria-hidden="true">
          {stack.length}
        </span>
      )}
    </>
  );
});
