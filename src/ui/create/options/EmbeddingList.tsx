import { useId } from 'react';
import { useEmbeddings, useModels, useSettings } from '../../page/stores-context.ts';
import { errorText } from '../../texts/error-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { FieldLabel } from '../../widgets/FieldLabel.tsx';
import { FileButton } from '../../widgets/FileButton.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './EmbeddingList.module.css';

/** Textual inversions: files whose names become words of the prompt. */
export function EmbeddingList() {
  const id = useId();
  const { create: texts, errors } = useTexts();
  const embeddings = useEmbeddings((store) => store.embeddings);
  const error = useEmbeddings((store) => store.error);
  const add = useEmbeddings((store) => store.add);
  const remove = useEmbeddings((store) => store.remove);
  const importFiles = useModels((store) => store.importFiles);
  const model = useSettings(({ fields }) => fields.model);
  return (
    <div className={styles.embeddings}>
      <FieldLabel id={id} label={texts.embeddings} help="embeddings" />
      {embeddings.length > 0 && (
        <ul aria-labelledby={id}>
          {embeddings.map(({ token }) => (
            <li key={token}>
              <span>{token}</span>
              <IconButton icon="close" label={texts.remove(token)} hasTooltip onClick={() => remove(token)} />
            </li>
          ))}
        </ul>
      )}
      <FileButton
        accept=".safetensors"
        multiple
        onFiles={(files) => void add(model, files).then(importFiles)}
      >
        {texts.addEmbedding}
      </FileButton>
      {error ? (
        <p role="alert" className={styles.fault}>
          {errorText(errors, 'embeddings', error).sentence} {errorText(errors, 'embeddings', error).remedy}
        </p>
      ) : (
        <p className={styles.hint}>{texts.aboutEmbeddings}</p>
      )}
    </div>
  );
}
