import { useStore } from 'zustand';
import { takePrompt } from '../../../state/actions/take-over.ts';
import { useLanguage, useStores } from '../../page/stores-context.ts';
import { WILDCARD_TEXTS } from '../../texts/wildcard-texts.ts';
import { FileButton } from '../../widgets/FileButton.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './Styles.module.css';

/** How many characters of a list are shown. */
const SHOWN = 120;

/** The lists of words on this device: they can be put into the prompt, added to and deleted. */
export function WildcardLists() {
  const stores = useStores();
  const texts = WILDCARD_TEXTS[useLanguage(({ language }) => language)];
  const lists = useStore(stores.wildcards, ({ items }) => items);
  const { add, remove } = stores.wildcards.getState();
  const insert = (name: string) => {
    const { prompt } = stores.settings.getState().fields;
    void takePrompt(stores, `${prompt.trimEnd()} __${name}__`.trimStart(), false);
  };
  return (
    <section className={styles.section} aria-labelledby="wildcards">
      <h3 id="wildcards">{texts.heading}</h3>
      <p>{texts.about}</p>
      <ul>
        {lists.map(({ name, words }) => (
          <li key={name}>
            <button
              type="button"
              className={styles.entry}
              aria-label={texts.insert(name)}
              onClick={() => insert(name)}
            >
              <b>__{name}__</b> <span>{texts.words(words.length)}</span>
              <small dir="auto">{words.slice(0, 20).join(', ').slice(0, SHOWN)}</small>
            </button>
            <IconButton icon="trash" label={texts.remove(name)} onClick={() => remove(name)} />
          </li>
        ))}
      </ul>
      <Outcome />
      <div className={styles.buttons}>
        <FileButton accept=".txt,text/plain" multiple onFiles={(files) => void add(files)}>
          {texts.add}
        </FileButton>
      </div>
    </section>
  );
}

/** What the last change has replaced or deleted, which can be undone, and which files gave no list. */
function Outcome() {
  const { wildcards } = useStores();
  const texts = WILDCARD_TEXTS[useLanguage(({ language }) => language)];
  const before = useStore(wildcards, (list) => list.before);
  const faults = useStore(wildcards, (list) => list.faults);
  return (
    <div aria-live="polite">
      {before && (
        <p className={styles.undo}>
          {texts.changed(before.names)}{' '}
          <button type="button" onClick={wildcards.getState().undo}>
            {texts.undo}
          </button>
        </p>
      )}
      {faults.map((fault) => (
        <p key={fault.name} className={styles.fault}>
          {texts.fault(fault)}
        </p>
      ))}
    </div>
  );
}
