import { type CSSProperties, useId, useState } from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useLanguage } from '../page/stores-context.ts';
import { useCloseWhenGone } from '../page/use-close-when-gone.ts';
import { useModal } from '../page/use-modal.ts';
import { COMPARE_TEXTS } from '../texts/compare-texts.ts';
import { pictureText } from '../texts/picture-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DialogHeading } from '../widgets/DialogHeading.tsx';
import { IconButton } from '../widgets/IconButton.tsx';
import { Select } from '../widgets/Select.tsx';
import { usePicture } from '../widgets/use-picture.ts';
import styles from './CompareDialog.module.css';
import { ComparePanes } from './ComparePanes.tsx';
import { Differences } from './Differences.tsx';

interface Props {
  /** Any two of these can be chosen. */
  readonly rows: readonly PictureRow[];
  /** The ids of the two that are shown at first, left and right. */
  readonly first: readonly [string, string];
  readonly onClose: () => void;
}

/** Two pictures of the gallery, and which of their settings differ. */
export function CompareDialog({ rows, first, onClose }: Props) {
  const texts = COMPARE_TEXTS[useLanguage(({ language }) => language)];
  const { gallery } = useTexts();
  const dialog = useModal();
  const id = useId();
  const [[leftId, rightId], setPair] = useState(first);
  const [left, right] = [rows.find((row) => row.id === leftId), rows.find((row) => row.id === rightId)];
  const [leftFile, rightFile] = [usePicture(leftId), usePicture(rightId)];
  const options = Object.fromEntries(
    rows.map((row, i) => [row.id, texts.numbered(i + 1, pictureText(gallery, row))]),
  );
  const isGone = !left || !right;
  useCloseWhenGone(isGone, onClose);
  if (isGone) return null;
  // Both are as high, whatever their shapes.
  const ratio = Math.max(left.width / left.height, right.width / right.height);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      style={{ '--ratio': ratio } as CSSProperties}
      aria-labelledby={id}
      onClose={onClose}
    >
      <div className={styles.heading}>
        <DialogHeading id={id} close={texts.close} onClose={() => dialog.current?.close()}>
          {texts.title}
        </DialogHeading>
      </div>
      <ComparePanes
        left={{ url: leftFile.url, label: options[leftId] ?? '' }}
        right={{ url: rightFile.url, label: options[rightId] ?? '' }}
        ratio={ratio}
      />
      {(leftFile.isLost || rightFile.isLost) && (
        <p role="alert" className={styles.lost}>
          {gallery.lost}
        </p>
      )}
      <div className={styles.pair}>
        <Select
          label={texts.left}
          value={leftId}
          options={options}
          onChange={(next) => setPair([next, rightId])}
        />
        <IconButton icon="swap" label={texts.swap} hasTooltip onClick={() => setPair([rightId, leftId])} />
        <Select
          label={texts.right}
          value={rightId}
          options={options}
          onChange={(next) => setPair([leftId, next])}
        />
      </div>
      <Differences {...{ left, right }} />
    </dialog>
  );
}
