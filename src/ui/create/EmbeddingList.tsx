import { useId } from 'react';
import { errorText } from '../error-text.ts';
import { useEmbeddings, useSettings } from '../stores-context.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { Icon } from '../widgets/Icon.tsx';
import styles from './EmbeddingList.module.css';

/** Textual inversions: files whose names become words of the prompt. */
export function EmbeddingList() {
  const id = useId();
  const embeddings = useEmbeddings((store) => store.embeddings);
  const error = useEmbeddings((store) => store.error);
  const add = useEmbeddings((store) => store.add);
  const remove = useEmbeddings((store) => store.remove);
  const model = useSettings(({ fields }) => fields.model);
  return (
    <div className={styles.embeddings}>
      <span id={id} className={styles.label}>
        Embeddings
      </span>
      {embeddings.length > 0 && (
        <ul aria-labelledby={id}>
          {embeddings.map(({ token }) => (
            <li key={token}>
              <span>{token}</span>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove ${token}`}
                title={`Remove ${token}`}
                onClick={() => remove(token)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <FileButton accept=".safetensors" multiple onFiles={(files) => void add(model, files)}>
        Add .safetensors…
      </FileButton>
      {error ? (
        <p role="alert" className={styles.fault}>
          {errorText(error).sentence}
        </p>
      ) : (
        <p className={styles.hint}>
          Textual inversions for this model. A file’s name is its word in the prompt.
        </p>
      )}
    </div>
  );
}
