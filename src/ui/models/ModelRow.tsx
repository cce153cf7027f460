import type { ReactNode } from 'react';
import { MODEL_NAMES } from '../../protocol/settings.ts';
import { type Ingredient, isCalled } from '../../state/gallery/picture-made-with.ts';
import { useModels, useSettings } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';
import { SamplePicture } from './SamplePicture.tsx';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  readonly of: Ingredient;
  /** A sentence, or words to press. */
  readonly about?: ReactNode;
  readonly facts: readonly (string | null)[];
  /** What can be done with it. */
  readonly children: ReactNode;
}

/** A model in a list: what it makes, whether the form uses it, and its last error. */
export function ModelRow({ of, about, facts, children }: Props) {
  const { id, label } = of;
  const words = useTexts().errors;
  const texts = useModelsTexts();
  const error = useModels(({ errors }) => errors[id]);
  const isInUse = useSettings(
    ({ fields }) =>
      MODEL_NAMES.some((name) => fields[name] === id) ||
      isCalled(`${fields.prompt} ${fields.negativePrompt}`, of),
  );
  const text = error && errorText(words, 'models', error);
  return (
    <li className={styles.row}>
      <SamplePicture of={of} />
      <div className={styles.about}>
        <h4 title={id}>
          {label} {isInUse && <span className={styles.inUse}>{texts.inUse}</span>}
        </h4>
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
