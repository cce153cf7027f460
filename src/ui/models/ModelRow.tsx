import type { ReactNode } from 'react';
import type { ModelId } from '../../catalog/models.ts';
import { useModels } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';

interface Props {
  readonly id: ModelId;
  readonly label: string;
  /** A sentence. */
  readonly about?: string;
  readonly facts: readonly (string | null)[];
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** A model in a list, with its last error. */
export function ModelRow({ id, label, about, facts, children }: Props) {
  const texts = useTexts().errors;
  const error = useModels(({ errors }) => errors[id]);
  const text = error && errorText(texts, 'models', error);
  return (
    <li className={styles.row}>
      <div className={styles.about}>
        <h3 title={id}>{label}</h3>
        {about && <p>{about}</p>}
        <p>{facts.filter((fact) => fact !== null).join(' · ')}</p>
      </div>
      <div className={styles.actions}>{children}</div>
      {text && (
        <p role="alert" className={styles.fault}>
          {text.sentence} {text.remedy}
        </p>
      )}
    </li>
  );
}
