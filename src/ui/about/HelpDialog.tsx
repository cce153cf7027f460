import { type ReactNode, useId, useRef } from 'react';
import { SETTING_NAMES } from '../../protocol/settings.ts';
import { useLanguage } from '../page/stores-context.ts';
import { useModal } from '../page/use-modal.ts';
import { GLOSSARY } from '../texts/glossary-texts.ts';
import { HELP_TEXTS, type HelpTexts } from '../texts/help-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DialogHeading } from '../widgets/DialogHeading.tsx';
import { HelpSentences } from '../widgets/HelpText.tsx';
import styles from './HelpDialog.module.css';

/** The keys that do something, what each setting does, and a glossary, in plain words. */
export function HelpDialog({ onClose }: { readonly onClose: () => void }) {
  const language = useLanguage((choice) => choice.language);
  const texts = HELP_TEXTS[language];
  const { labels } = useTexts().fields;
  const dialog = useModal();
  return (
    <dialog ref={dialog} className={styles.help} aria-label={texts.title} onClose={onClose} closedby="any">
      <DialogHeading close={texts.close} onClose={() => dialog.current?.close()}>
        {texts.title}
      </DialogHeading>
      <Parts label={texts.parts}>
        {[
          [texts.shortcuts, <Keys key="keys" texts={texts} />],
          [
            texts.settings,
            <Rows
              key="settings"
              rows={SETTING_NAMES.map((name) => [
                labels[name],
                <HelpSentences key={name} name={name} label={labels[name]} />,
              ])}
            />,
          ],
          [texts.words, <Rows key="words" rows={GLOSSARY[language]} />],
        ]}
      </Parts>
    </dialog>
  );
}

/** The parts of the help one below the other, and a button that leads to each. */
function Parts({ label, children }: { label: string; children: readonly (readonly [string, ReactNode])[] }) {
  const id = useId();
  const headings = useRef<HTMLElement[]>([]);
  return (
    <>
      <nav className={styles.parts} aria-label={label}>
        {children.map(([title], i) => (
          <button
            key={title}
            type="button"
            onClick={() => {
              headings.current[i]?.scrollIntoView();
              headings.current[i]?.focus({ preventScroll: true });
            }}
          >
            {title}
          </button>
        ))}
      </nav>
      {children.map(([title, part], i) => (
        <section key={title} aria-labelledby={`${id}-${i}`}>
          <h3
            id={`${id}-${i}`}
            tabIndex={-1}
            ref={(heading) => {
              if (heading) headings.current[i] = heading;
            }}
          >
            {title}
          </h3>
          {part}
        </section>
      ))}
    </>
  );
}

/** Words, and what each means. */
function Rows({ rows }: { readonly rows: readonly (readonly [word: string, meaning: ReactNode])[] }) {
  return (
    <dl className={styles.rows}>
      {rows.map(([word, meaning]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

function Keys({ texts: { places, keys } }: { readonly texts: HelpTexts }) {
  const names = Object.keys(places) as (keyof typeof places)[];
  return names.map((place) => (
    <table key={place} className={styles.keys}>
      <caption>{places[place]}</caption>
      <tbody>
        {keys[place].map(([pressed, does]) => (
          <tr key={pressed}>
            <th scope="row">{pressed}</th>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ));
}
