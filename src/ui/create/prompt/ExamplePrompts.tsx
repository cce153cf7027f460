import { useSettings } from '../../page/stores-context.ts';
import styles from './ExamplePrompts.module.css';

/** Prompts to press. Models read English, whatever the page speaks. */
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
