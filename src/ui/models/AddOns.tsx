import type { InstalledModel } from '../../protocol/models.ts';
import { addToPrompt } from '../../state/actions/take-over.ts';
import { isCalled } from '../../state/gallery/picture-made-with.ts';
import { useEmbeddings, useStores } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { TriggerWords } from '../widgets/TriggerWords.tsx';
import { InstalledRow } from './InstalledRow.tsx';
import { ModelRow } from './ModelRow.tsx';
import styles from './ModelsScreen.module.css';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  readonly loras: readonly InstalledModel[];
  readonly onUse: () => void;
}

/** What a prompt calls: LoRAs with the words that they were trained with, and embeddings. */
export function AddOns({ loras, onUse }: Props) {
  const texts = useModelsTexts();
  const embeddings = useEmbeddings((store) => store.embeddings);
  return (
    <section aria-label={texts.addOns}>
      <h3 className={styles.group}>{texts.addOns}</h3>
      {loras.length + embeddings.length === 0 ? (
        <p className={styles.hint}>{texts.noAddOns}</p>
      ) : (
        <ul>
          {loras.map((lora) => (
            <LoraRow key={lora.id} {...{ lora, onUse }} />
          ))}
          {embeddings.map(({ token, file }) => (
            <EmbeddingRow key={token} bytes={file.size} {...{ token, onUse }} />
          ))}
        </ul>
      )}
    </section>
  );
}

function LoraRow({ lora, onUse }: { readonly lora: InstalledModel; readonly onUse: () => void }) {
  const { id, label } = lora;
  const stores = useStores();
  const tag = ` <lora:${label}:1>`;
  const addWord = (word: string) => {
    const { prompt } = stores.settings.getState().fields;
    void addToPrompt(stores, `, ${word}${isCalled(prompt, lora) ? '' : tag}`);
    onUse();
  };
  return (
    <InstalledRow model={lora} about={<TriggerWords id={id} add={addWord} />} onUse={onUse}>
      <AddButton label={label} words={tag} onUse={onUse} />
    </InstalledRow>
  );
}

interface EmbeddingProps {
  readonly token: string;
  readonly bytes: number;
  readonly onUse: () => void;
}

function EmbeddingRow({ token, bytes, onUse }: EmbeddingProps) {
  const texts = useModelsTexts();
  const { create, numbers } = useTexts();
  const remove = useEmbeddings((store) => store.remove);
  return (
    <ModelRow
      of={{ type: 'embedding', id: token, label: token }}
      facts={[bytesText(numbers, bytes), texts.embedding]}
    >
      <AddButton label={token} words={`, ${token}`} onUse={onUse} />
      <button type="button" aria-label={create.remove(token)} onClick={() => remove(token)}>
        {texts.remove}
      </button>
    </ModelRow>
  );
}

interface AddProps {
  readonly label: string;
  readonly words: string;
  readonly onUse: () => void;
}

/** Puts what calls it at the end of the prompt, and shows that. */
function AddButton({ label, words, onUse }: AddProps) {
  const texts = useModelsTexts();
  const { create } = useTexts();
  const stores = useStores();
  return (
    <button
      type="button"
      aria-label={create.addLora(label)}
      onClick={() => {
        void addToPrompt(stores, words);
        onUse();
      }}
    >
      {texts.addToPrompt}
    </button>
  );
}
