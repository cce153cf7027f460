import { useId } from 'react';
import type { PictureRow } from '../../storage/picture-row.ts';
import { useCloseWhenGone } from '../page/use-close-when-gone.ts';
import { useModal } from '../page/use-modal.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DialogHeading } from '../widgets/DialogHeading.tsx';
import { GalleryFault } from './GalleryFault.tsx';
import styles from './TagEditor.module.css';
import { TagEditor } from './TagEditor.tsx';
import { useGalleryTexts } from './use-gallery-texts.ts';

interface Props {
  readonly rows: readonly PictureRow[];
  readonly onClose: () => void;
}

/** The tags of the selected pictures, whether or not the filter still lets them through; where all are deleted, it closes. */
export function TagsDialog({ rows, onClose }: Props) {
  const texts = useGalleryTexts();
  const { close } = useTexts().gallery;
  const dialog = useModal();
  const id = useId();
  useCloseWhenGone(rows.length === 0, onClose);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={id} onClose={onClose}>
      <div>
        <DialogHeading id={id} close={close} onClose={() => dialog.current?.close()}>
          {texts.tagsOf(rows.length)}
        </DialogHeading>
        {rows.every(({ tags }) => tags.length === 0) && <p>{texts.none}</p>}
        <TagEditor rows={rows} />
        <p>{texts.separate}</p>
        <GalleryFault />
      </div>
    </dialog>
  );
}
