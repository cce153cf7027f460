import { useState } from 'react';
import { takePrompt } from '../../../state/actions/take-over.ts';
import { useLanguage, useModelCard, useSettings, useStores } from '../../page/stores-context.ts';
import { KNOWN_TEXTS } from '../../texts/known-texts.ts';
import styles from './Known.module.css';
import { CHANGES, changed, closest, search, surprise, type Thing, withArticle } from './known-words.ts';
import THINGS from './trinket-words.json';

const GROUPS = Object.keys(KNOWN_TEXTS.en.groups);

/** What the bundled model was taught, to look through and search; a press puts a thing into the prompt, or changes the prompt. */
export function KnownThings() {
  const texts = KNOWN_TEXTS[useLanguage(({ language }) => language)];
  const { label } = useModelCard();
  const prompt = useSettings(({ fields }) => fields.prompt);
  const stores = useStores();
  const [sought, seek] = useState('');
  const found = search(THINGS, sought);
  const [last, setLast] = useState('');
  const put = (next: string, keeps: boolean) => {
    // One of its own prompts for another is no loss.
    void takePrompt(stores, next, !keeps && prompt.trim() !== '' && prompt !== last);
    setLast(next);
  };
  const take = ({ name }: Thing) => put(withArticle(name), false);
  return (
    <div className={styles.known}>
      <p>{texts.oneLook(label)}</p>
      <div className={styles.bar}>
        <input
          type="search"
          aria-label={texts.search(THINGS.length)}
          placeholder={texts.search(THINGS.length)}
          value={sought}
          onChange={(event) => seek(event.target.value)}
          onKeyDown={(event) => {
            // It stands in a form, which Enter would submit.
            if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.nativeEvent.isComposing)
              return;
            event.preventDefault();
            const one = closest(found, sought);
            if (one) take(one);
          }}
        />
        <button type="button" onClick={() => put(surprise(THINGS, Math.random), false)}>
          {texts.surprise}
        </button>
      </div>
      <section className={styles.things} aria-label={texts.things}>
        {GROUPS.map((group) => (
          <Group
            key={group}
            name={texts.groups[group] ?? group}
            things={found.filter((one) => one.group === group)}
            take={take}
          />
        ))}
        {found.length === 0 && <p>{texts.noneFound(sought)}</p>}
      </section>
      <Changes prompt={prompt} onChange={(next) => put(next, true)} />
    </div>
  );
}

interface GroupProps {
  readonly name: string;
  readonly things: readonly Thing[];
  readonly take: (thing: Thing) => void;
}

function Group({ name, things, take }: GroupProps) {
  const isGerman = useLanguage(({ language }) => language) === 'de';
  if (things.length === 0) return null;
  return (
    <>
      <h2>{name}</h2>
      <div className={styles.chips}>
        {things.map((thing) => (
          <button key={thing.name + thing.german} type="button" onClick={() => take(thing)}>
            <span lang="en">{thing.name}</span>
            {isGerman && <small> {thing.german}</small>}
          </button>
        ))}
      </div>
    </>
  );
}

interface ChangesProps {
  readonly prompt: string;
  readonly onChange: (prompt: string) => void;
}

/** What changes the picture of a prompt. */
function Changes({ prompt, onChange }: ChangesProps) {
  const texts = KNOWN_TEXTS[useLanguage(({ language }) => language)];
  return (
    <>
      <h2>{texts.vary}</h2>
      <section className={styles.chips} aria-label={texts.vary} lang="en">
        {CHANGES.map((change) => (
          <button
            key={change}
            type="button"
            disabled={prompt.trim() === ''}
            onClick={() => onChange(changed(prompt, change))}
          >
            {change}
          </button>
        ))}
      </section>
    </>
  );
}
