import { useId } from 'react';
import { addToPrompt } from '../../../state/actions/take-over.ts';
import { useModels, useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { FieldLabel } from '../../widgets/FieldLabel.tsx';
import { TriggerWords } from '../../widgets/TriggerWords.tsx';
import styles from './EmbeddingList.module.css';

/** LoRAs on this device. The prompt calls them, and says how strongly. */
export function LoraList() {
  const id = useId();
  const texts = useTexts().create;
  const installed = useModels((models) => models.installed);
  const stores = useStores();
  const add = (words: string) => void addToPrompt(stores, words);
  const loras = installed?.filter(({ type, complete }) => type === 'lora' && complete) ?? [];
  if (loras.length === 0) return null;
  return (
    <div className={styles.embeddings}>
      <FieldLabel id={id} label={texts.loras} help="loras" />
      <ul aria-labelledby={id}>
        {loras.map(({ id: model, label }) => (
          <li key={model}>
            <span>{label}</span>
            <button type="button" aria-label={texts.addLora(label)} onClick={() => add(` <lora:${label}:1>`)}>
              {texts.add}
            </button>
            <TriggerWords id={model} add={(word) => add(`, ${word}`)} />
          </li>
        ))}
      </ul>
      <p className={styles.hint}>{texts.aboutLoras}</p>
    </div>
  );
}
