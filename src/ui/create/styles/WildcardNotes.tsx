import type { TextName } from '../../../protocol/settings.ts';
import { wildcardNames, wildcardOf } from '../../../protocol/wildcards.ts';
import { useLanguage, useSettings, useWildcards } from '../../page/stores-context.ts';
import { WILDCARD_TEXTS } from '../../texts/wildcard-texts.ts';
import styles from './Styles.module.css';

/** What the Dynamic Prompts extension reads in braces, and Safelight does not: a weight, or how many are chosen. */
const UNREAD = /[{|]\s*(\d*\.?\d+::|\d*(?:-\d*)?\$\$)/;

/** What of a text’s wildcards and alternatives is painted as it stands, said while it is typed. */
export function WildcardNotes({ name }: { readonly name: TextName }) {
  const texts = WILDCARD_TEXTS[useLanguage(({ language }) => language)];
  const text = useSettings(({ fields }) => fields[name]);
  const all = useWildcards();
  const unknown = wildcardNames(text).filter((one) => !wildcardOf(all, one));
  const [, unread] = UNREAD.exec(text) ?? [];
  return (
    <div className={styles.notes} aria-live="polite">
      {unknown.length > 0 && <p>{texts.unknown(unknown)}</p>}
      {unread && <p>{texts.unread(unread)}</p>}
    </div>
  );
}
