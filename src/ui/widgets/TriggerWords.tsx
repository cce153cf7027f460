import type { ModelId } from '../../catalog/models.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './TriggerWords.module.css';
import { useTriggerWords } from './use-trigger-words.ts';

interface Props {
  readonly id: ModelId;
  readonly add: (word: string) => void;
}

/** What the LoRA's file says it was trained with; a press adds a word to the prompt. */
export function TriggerWords({ id, add }: Props) {
  const texts = useTexts().create;
  const words = useTriggerWords(id);
  if (words.length === 0) return null;
  return (
    <span className={styles.words}>
      <span className={styles.label}>{texts.triggerWords}</span>
      {words.map((word) => (
        <button key={word} type="button" className={styles.word} onClick={() => add(word)}>
          {word}
        </button>
      ))}
    </span>
  );
}
