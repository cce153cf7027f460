import type { Part } from '../../state/offline.ts';
import { useModels, useOffline } from '../stores-context.ts';
import { REFUSED_TEXT, usePersistence } from '../use-persistence.ts';
import { bytesText } from './bytes-text.ts';
import styles from './ModelsScreen.module.css';

/** What the models take up, and whether the browser may throw them away. */
export function StorageLine() {
  const storage = useModels((store) => store.storage);
  const [persistence, ask] = usePersistence();
  const missing = useOffline((offline) => offline.missing);
  if (!storage) return null;
  const free = storage.freeBytes === null ? '' : `, room for ${bytesText(storage.freeBytes)} more`;
  return (
    <div className={styles.storage}>
      <p>
        {bytesText(storage.modelBytes)} of models here{free}.
        {persistence === 'promised' && ' Kept until you delete them.'}
        {missing && ` ${offlineText(missing)}`}
        {persistence === 'refused' && ` ${REFUSED_TEXT}`}
      </p>
      {persistence === 'not-asked' && (
        <button type="button" onClick={ask}>
          Keep for offline use
        </button>
      )}
    </div>
  );
}

/** What works without a network, and what does not yet. */
function offlineText(missing: readonly Part[]): string {
  if (missing.length === 0) return 'Ready offline: the page, Trinket, and every model above.';
  if (missing.includes('page')) return 'Not ready offline: load the page once more.';
  if (missing.includes('runtime')) return 'Not ready offline: paint one picture first.';
  return 'Not ready offline: Trinket has not come yet.';
}
