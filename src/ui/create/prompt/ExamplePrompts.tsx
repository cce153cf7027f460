import { useSettings } from '../../page/stores-context.ts';
import styles from './ExamplePrompts.module.css';

/** Prompts that a click puts into the form. They are English in every language, as models read English. */
export function ExamplePrompts({ prompts }: { readonly prompts: readonly string[] }) {
  const set = useSettings((settings) => settings.set);
  return (
    <div className={styles.examples} lang="en">
      {prompts.map((prompt) => (
        <button key={prompt} type="button" onClick={() => set('prompt', prompt)}>
          {prompt}
        </button>
      ))}
    </div>
  );
}
