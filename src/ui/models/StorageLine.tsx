import type { OfflinePart } from '../../state/device/offline-store.ts';
import { useModels, useOffline } from '../page/stores-context.ts';
import { usePersistence } from '../page/use-persistence.ts';
import { bytesText } from '../texts/bytes-text.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';

/** How much storage the models take, and whether the browser may delete them. */
export function StorageLine() {
  const { offline: texts, numbers } = useTexts();
  const storage = useModels((store) => store.storage);
  const [persistence, ask] = usePersistence();
  const missing = useOffline((offline) => offline.missing);
  if (!storage) return null;
  const { modelBytes, freeBytes } = storage;
  const size = bytesText(numbers, modelBytes);
  const sentences = [
    freeBytes === null ? texts.modelsHere(size) : texts.modelsAndRoom(size, bytesText(numbers, freeBytes)),
    persistence === 'promised' && texts.kept,
    missing && offlineText(texts, missing),
    persistence === 'refused' && texts.notPromised,
  ];
  return (
    <div className={styles.storage}>
      <p>{sentences.filter(Boolean).join(' ')}</p>
      {persistence === 'not-asked' && (
        <button type="button" onClick={ask}>
          {texts.keep}
        </button>
      )}
    </div>
  );
}

/** What works without a network, and what does not yet. */
function offlineText(texts: Texts['offline'], missing: readonly OfflinePart[]): string {
  const first = (['page', 'runtime', 'models'] as const).find((part) => missing.includes(part));
  return first ? texts.missing[first] : texts.ready;
}
