import { type FormEvent, useId, useState } from 'react';
import type { FoundRepo } from '../../protocol/models.ts';
import { hubAccess } from '../../state/device/hub-store.ts';
import { useHub, useHubSearch, useLanguage } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { HUB_SEARCH_TEXTS } from '../texts/hub-search-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FoundRow } from './FoundRow.tsx';
import styles from './ModelsScreen.module.css';

/** Finds models on the Hub by words of their names. Nothing is sent before Search is pressed. */
export function HubSearch({ onChoose }: { readonly onChoose: (repo: string) => void }) {
  const id = useId();
  const texts = HUB_SEARCH_TEXTS[useLanguage(({ language }) => language)];
  const access = hubAccess(useHub((settings) => settings));
  const { words: searched, isSearching, search } = useHubSearch((store) => store);
  const [words, setWords] = useState(searched ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim() !== '' && !isSearching) void search(words.trim(), access);
  };
  return (
    <search className={styles.add}>
      <form onSubmit={submit} aria-label={texts.label}>
        <label htmlFor={id}>{texts.words}</label>
        <div>
          <input
            id={id}
            type="search"
            value={words}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            aria-describedby={`${id}-about`}
            onChange={(event) => setWords(event.target.value)}
          />
          <button type="submit" aria-disabled={isSearching}>
            {isSearching ? texts.searching : texts.search}
          </button>
        </div>
        <p id={`${id}-about`} className={styles.hint}>
          {texts.privacy(new URL(access.endpoint).host)}
        </p>
      </form>
      <Answer onChoose={onChoose} />
    </search>
  );
}

/** What the last search found, or why it found nothing. */
function Answer({ onChoose }: { readonly onChoose: (repo: string) => void }) {
  const texts = HUB_SEARCH_TEXTS[useLanguage(({ language }) => language)];
  const errors = useTexts().errors;
  const { words, found, error } = useHubSearch((store) => store);
  if (error) {
    const { sentence, remedy } = errorText(errors, 'search', error);
    return (
      <p role="alert" className={styles.fault}>
        {sentence} {remedy}
      </p>
    );
  }
  if (!found) return null;
  const others = found.filter(({ notHere }) => notHere);
  const candidates = found.filter((repo) => !others.includes(repo));
  return (
    <>
      <p role="status" className={styles.hint}>
        {found.length === 0 ? texts.nothing(words ?? '') : texts.count(found.length)}
        {candidates.length === 0 && others.length > 0 && `. ${texts.onlyOthers}`}
      </p>
      <Found repos={candidates} {...{ onChoose }} />
      {others.length > 0 && (
        <details className={styles.large}>
          <summary>{texts.others(others.length)}</summary>
          <Found repos={others} {...{ onChoose }} />
        </details>
      )}
    </>
  );
}

interface FoundProps {
  readonly repos: readonly FoundRepo[];
  readonly onChoose: (repo: string) => void;
}

function Found({ repos, onChoose }: FoundProps) {
  if (repos.length === 0) return null;
  return (
    <ul className={styles.found}>
      {repos.map((repo) => (
        <FoundRow key={repo.repo} found={repo} onLookUp={() => onChoose(repo.repo)} />
      ))}
    </ul>
  );
}
