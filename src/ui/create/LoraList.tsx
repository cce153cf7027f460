import { useId } from 'react';
import { useModels, useSettings } from '../stores-context.ts';
import styles from './EmbeddingList.module.css';

/** LoRAs on this device. The prompt calls them, and says how strongly. */
export function LoraList() {
  const id = useId();
  const installed = useModels((models) => models.installed);
  const prompt = useSettings(({ fields }) => fields.prompt);
  const set = useSettings((settings) => settings.set);
  const loras = installed?.filter(({ type, complete }) => type === 'lora' && complete) ?? [];
  if (loras.length === 0) return null;
  return (
    <div className={styles.embeddings}>
      <span id={id} className={styles.label}>
        LoRAs
      </span>
      <ul aria-labelledby={id}>
        {loras.map(({ id: model, label }) => (
          <li key={model}>
            <span>{label}</span>
            <button
              type="button"
              aria-label={`Add ${label} to the prompt`}
              onClick={() => set('prompt', `${prompt.trimEnd()} <lora:${label}:1>`.trimStart())}
            >
              Add
            </button>
          </li>
        ))}
      </ul>
      <p className={styles.hint}>In the prompt, &lt;lora:name:0.8&gt; takes 0.8 of one.</p>
    </div>
  );
}
