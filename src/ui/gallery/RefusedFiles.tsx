import { useGallery } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './GalleryScreen.module.css';

/** How many files are named. */
const MOST = 20;

/** The files that the last import left out, each with the reason and what can be done. */
export function RefusedFiles() {
  const { gallery: texts, errors } = useTexts();
  const files = useGallery(({ imported }) => imported?.refused) ?? [];
  if (files.length === 0) return null;
  return (
    <ul aria-label={texts.refused(files.length)} className={styles.refused}>
      {files.slice(0, MOST).map(({ name, error }, i) => {
        const { sentence, remedy } = errorText(errors, 'gallery', error);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have the same name, and none moves.
          <li key={i}>
            <b>{name}</b> {sentence} {remedy}
          </li>
        );
      })}
      {files.length > MOST && <li>{texts.moreRefused(files.length - MOST)}</li>}
    </ul>
  );
}
