import { useUpscales } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './UpscaleError.module.css';

/** Why a picture could not be upscaled. `of` is the picture's key in the store of upscales. */
export function UpscaleError({ of }: { readonly of: string }) {
  const texts = useTexts().errors;
  const error = useUpscales((store) => (store.error?.of === of ? store.error.error : null));
  if (!error) return null;
  const { sentence, remedy } = errorText(texts, 'upscale', error);
  return (
    <p role="alert" className={styles.fault}>
      {sentence} {remedy}
    </p>
  );
}
