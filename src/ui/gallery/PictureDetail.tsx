import type { CSSProperties, KeyboardEvent } from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useCloseWhenGone } from '../page/use-close-when-gone.ts';
import { useModal } from '../page/use-modal.ts';
import { pictureText } from '../texts/picture-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import { usePicture } from '../widgets/use-picture.ts';
import { DetailActions } from './DetailActions.tsx';
import { GalleryFault } from './GalleryFault.tsx';
import styles from './PictureDetail.module.css';
import { PictureFacts } from './PictureFacts.tsx';
import { TagEditor } from './TagEditor.tsx';
import { useGalleryTexts } from './use-gallery-texts.ts';

interface Props {
  readonly rows: readonly PictureRow[];
  readonly id: string;
  /** Shows another picture; null closes. */
  readonly onTurn: (id: string | null) => void;
  /** Shows the Create screen, where the picture or its settings are used. */
  readonly onUse: () => void;
}

/** One picture with everything that is known of it. The arrow keys turn to its neighbours, Esc closes. */
export function PictureDetail({ rows, id, onTurn, onUse }: Props) {
  const texts = useTexts().gallery;
  const words = useGalleryTexts();
  const dialog = useModal();
  const at = rows.findIndex((row) => row.id === id);
  const row = rows[at];
  useCloseWhenGone(!row, () => onTurn(null));
  if (!row) return null;

  const turn = (step: number) => {
    const next = rows[at + step];
    if (next) onTurn(next.id);
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === 'ArrowRight') turn(1);
    if (key === 'ArrowLeft') turn(-1);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.detail}
      style={{ '--ratio': row.width / row.height } as CSSProperties}
      aria-label={texts.pictureOf(at + 1, rows.length)}
      onClose={() => onTurn(null)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <LargePicture row={row} />
      <div className={styles.about}>
        <div className={styles.turn}>
          <button type="button" aria-disabled={at === 0} onClick={() => turn(-1)}>
            {words.previous}
          </button>
          <span>{texts.placeOf(at + 1, rows.length)}</span>
          <button type="button" aria-disabled={at === rows.length - 1} onClick={() => turn(1)}>
            {words.next}
          </button>
          <IconButton icon="close" label={texts.close} onClick={() => dialog.current?.close()} />
        </div>
        <div className={styles.known}>
          <PictureFacts row={row} />
          <TagEditor key={row.id} rows={[row]} />
        </div>
        <GalleryFault />
        <DetailActions
          {...{ row, onUse }}
          onKept={() => onTurn(id)}
          onDelete={() => onTurn((rows[at + 1] ?? rows[at - 1])?.id ?? null)}
        />
      </div>
    </dialog>
  );
}

function LargePicture({ row }: { readonly row: PictureRow }) {
  const texts = useTexts().gallery;
  const { url, isLost, onError } = usePicture(row.id);
  if (isLost)
    return (
      <div className={styles.blank} role="alert">
        {texts.lost}
      </div>
    );
  if (!url) return <div className={styles.blank} />;
  return <img src={url} alt={pictureText(texts, row)} onError={onError} />;
}
