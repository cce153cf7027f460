import { useId } from 'react';
import { takeOver } from '../../../state/actions/take-over.ts';
import { useModels, useStores } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './EmbeddingList.module.css';

/** LoRAs on this device. The prompt calls them, and says how strongly. */
export function LoraList() {
  const id = useId();
  const texts = useTexts().create;
  const installed = useModels((models) => models.installed);
  const stores = useStores();
  const add = (label: string) => {
    const { fields, set } = stores.settings.getState();
    const prompt = `${fields.prompt.trimEnd()} <lora:${label}:1>`.trimStart();
    void takeOver(
      stores,
      () => set('prompt', prompt),
      () => null,
    );
  };
  const loras = installed?.filter(({ type, complete }) => type === 'lora' && complete) ?? [];
  if (loras.length === 0) return null;
  return (
    <div className={styles.embeddings}>
      <span id={id} className={styles.label}>
        {texts.loras}
      </span>
      <ul aria-labelledby={id}>
        {loras.map(({ id: model, label }) => (
          <li key={model}>
            <span>{label}</span>
            <button type="button" aria-label={texts.addLora(label)} onClick={() => add(label)}>
              {texts.add}
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.hint}>{texts.aboutLoras}</p>
    </div>
  );
}
