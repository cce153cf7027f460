import { useGallery } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './GalleryScreen.module.css';

/** What last went wrong with the pictures, and what helps. */
export function GalleryFault() {
  const texts = useTexts().errors;
  const error = useGallery((gallery) => gallery.error);
  if (!error) return null;
  const { sentence, remedy } = errorText(texts, 'gallery', error);
  return (
    <p role="alert" className={styles.fault}>
      {sentence} {remedy}
    </p>
  );
}
