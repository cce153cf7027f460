import { replacedText, takeOver } from '../../../state/actions/take-over.ts';
import { useStores } from '../../page/stores-context.ts';
import { submitForm } from '../../page/submit-form.ts';
import styles from './Prints.module.css';

/** By the prompt's words: what `npm run prints` made with this seed. */
const FILES: Readonly<Record<string, string>> = import.meta.glob('./prints/*.webp', {
  eager: true,
  query: '?url',
  import: 'default',
});
const SEED = '1';

/** Pictures that the bundled model has painted of these prompts, 128 pixels wide; a press paints one anew. */
export function Prints({ prompts }: { readonly prompts: readonly string[] }) {
  const stores = useStores();
  const paint = (prompt: string) => {
    const fields = { prompt, negativePrompt: '', seed: SEED };
    void takeOver(
      stores,
      () => stores.settings.getState().apply({ fields, refused: [], run: false }),
      (replaced) => (replacedText(replaced) ? { kind: 'prompt-replaced' } : null),
    ).then(() => submitForm(stores));
  };
  return (
    <div className={styles.prints} lang="en">
      {prompts.map((prompt) => (
        <button key={prompt} type="button" onClick={() => paint(prompt)}>
          <img src={FILES[`./prints/${prompt.replace(/\W+/g, '-')}.webp`]} alt="" width={128} height={128} />
          {prompt}
        </button>
      ))}
    </div>
  );
}
