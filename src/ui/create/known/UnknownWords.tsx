import { useMemo } from 'react';
import { takePrompt } from '../../../state/actions/take-over.ts';
import { useLanguage, useModelCard, useSettings, useStores } from '../../page/stores-context.ts';
import { KNOWN_TEXTS } from '../../texts/known-texts.ts';
import { germanOf, inEnglish } from './in-english.ts';
import styles from './Known.module.css';
import { unknownWords, vocabularyOf } from './known-words.ts';
import THINGS from './trinket-words.json';

const VOCABULARY = vocabularyOf(THINGS);
const GERMAN = germanOf(THINGS);

/** What of the prompt the bundled model was never taught, said while it is typed; German that it knows in English is offered so. */
export function UnknownWords() {
  const texts = KNOWN_TEXTS[useLanguage(({ language }) => language)];
  const { label } = useModelCard();
  const prompt = useSettings(({ fields }) => fields.prompt);
  const stores = useStores();
  const { english, unknown } = useMemo(() => {
    const english = inEnglish(prompt, GERMAN, VOCABULARY);
    return { english, unknown: unknownWords(english, VOCABULARY) };
  }, [prompt]);
  return (
    <div className={styles.unknown} aria-live="polite">
      {english !== prompt && (
        <p>
          {texts.german(label)}{' '}
          <button type="button" lang="en" onClick={() => void takePrompt(stores, english, false)}>
            {english}
          </button>
        </p>
      )}
      {unknown.length > 0 && <p>{texts.unknown(label, unknown.join(', '))}</p>}
    </div>
  );
}
