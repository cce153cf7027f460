import { paintExample } from '../../../state/actions/paint-example.ts';
import { useStores } from '../../page/stores-context.ts';
import styles from './Prints.module.css';

/** By the prompt's words: what `npm run prints` made. */
const FILES: Readonly<Record<string, string>> = import.meta.glob('./prints/*.webp', {
  eager: true,
  query: '?url',
  import: 'default',
});

/** Pictures that the bundled model has painted of these prompts, 128 pixels wide; a press paints one anew. */
export function Prints({ prompts }: { readonly prompts: readonly string[] }) {
  const stores = useStores();
  return (
    <div className={styles.prints} lang="en">
      {prompts.map((prompt) => (
        <button key={prompt} type="button" onClick={() => void paintExample(stores, prompt)}>
          <img src={FILES[`./prints/${prompt.replace(/\W+/g, '-')}.webp`]} alt="" width={128} height={128} />
          {prompt}
        </button>
      ))}
    </div>
  );
}
