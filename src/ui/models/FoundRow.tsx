import type { FoundRepo } from '../../protocol/models.ts';
import { useLanguage } from '../page/stores-context.ts';
import { bytesText } from '../texts/bytes-text.ts';
import { HUB_SEARCH_TEXTS } from '../texts/hub-search-texts.ts';
import { textOf } from '../texts/text-of.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';
import { useRoom } from './use-room.ts';

interface Props {
  readonly found: FoundRepo;
  readonly onLookUp: () => void;
}

/** A repository that a search has found: what it is, whether it can run here, and a button that looks it up. */
export function FoundRow({ found, onLookUp }: Props) {
  const texts = HUB_SEARCH_TEXTS[useLanguage(({ language }) => language)];
  const { numbers } = useTexts();
  const room = useRoom();
  const { repo, downloads, licence, isGated, type, family, base, storedBytes, notHere, memoryBytes } = found;
  const fits = memoryBytes !== null && memoryBytes <= room;
  const runs = fits || (type === 'lora' && family !== null);
  const verdict = () => {
    if (notHere) return textOf(texts.notHere, notHere);
    if (type === 'lora' && family) return texts.runsWith(texts.families[family]);
    if (memoryBytes === null) return texts.unclear;
    return fits ? texts.runs : texts.needs(bytesText(numbers, memoryBytes), bytesText(numbers, room));
  };
  const facts = [
    type === 'lora' ? texts.lora(base) : family && texts.families[family],
    texts.downloads(downloads),
    licence ?? texts.licenceUnknown,
    isGated ? texts.gated : null,
    storedBytes === null ? null : texts.stored(bytesText(numbers, storedBytes)),
  ];
  return (
    <li className={styles.row}>
      <div className={styles.about}>
        <h3>{repo}</h3>
        <p
          className={styles.verdict}
          data-runs={notHere ? 'no' : memoryBytes !== null && !fits ? 'hardly' : runs ? 'yes' : undefined}
        >
          {verdict()}
        </p>
        <p>{facts.filter((fact) => fact !== null).join(' · ')}</p>
      </div>
      {!notHere && (
        <div className={styles.actions}>
          <button type="button" aria-label={texts.lookUpRepo(repo)} onClick={onLookUp}>
            {texts.lookUp}
          </button>
        </div>
      )}
    </li>
  );
}
