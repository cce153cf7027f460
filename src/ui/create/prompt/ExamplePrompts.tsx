import { takePrompt } from '../../../state/actions/take-over.ts';
import { useStores } from '../../page/stores-context.ts';
import styles from './ExamplePrompts.module.css';

/** Prompts that a click puts into the form. They are English in every language, as models read English. */
export function ExamplePrompts({ prompts }: { readonly prompts: readonly string[] }) {
  const stores = useStores();
  const use = (prompt: string) => {
    const { fields } = stores.settings.getState();
    // One example for another is no loss.
    const isTyped = fields.prompt.trim() !== '' && !prompts.includes(fields.prompt);
    void takePrompt(stores, prompt, isTyped);
  };
  return (
    <div className={styles.examples} lang="en">
      {prompts.map((prompt) => (
        <button key={prompt} type="button" onClick={() => use(prompt)}>
          {prompt}
        </button>
      ))}
    </div>
  );
}
