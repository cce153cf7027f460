import { useEffect, useRef } from 'react';
import { useGallery } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './GalleryScreen.module.css';

/** What was deleted last, to be restored. */
export function Deleted() {
  const texts = useTexts().gallery;
  const last = useGallery(({ deleted }) => deleted.at(-1));
  const undo = useGallery((gallery) => gallery.undo);
  const button = useRef<HTMLButtonElement>(null);
  // The button that deleted may be gone, and the focus with it.
  useEffect(() => {
    if (last && document.activeElement === document.body) button.current?.focus({ preventScroll: true });
  }, [last]);
  if (!last) return null;
  return (
    <p className={styles.offer}>
      {texts.deleted(last.length)}
      <button
        ref={button}
        type="button"
        onClick={({ currentTarget }) => {
          currentTarget.closest('main')?.focus({ preventScroll: true });
          void undo();
        }}
      >
        {texts.undo}
      </button>
    </p>
  );
}
