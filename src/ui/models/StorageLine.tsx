import type { OfflinePart } from '../../state/device/offline-store.ts';
import { useModels, useOffline } from '../page/stores-context.ts';
import { usePersistence } from '../page/use-persistence.ts';
import { bytesText } from '../texts/bytes-text.ts';
import type { Texts } from '../texts/en.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';

/** How much storage the models take, where the browser has room for any, what works offline, and what the browser may delete. */
export function StorageLine() {
  const { offline: texts, numbers } = useTexts();
  const storage = useModels((store) => store.storage);
  const [persistence, ask] = usePersistence();
  const missing = useOffline((offline) => offline.missing);
  const size = storage && bytesText(numbers, storage.modelBytes);
  const free = storage?.freeBytes ?? null;
  const sentences = [
    size && (free === null ? texts.modelsHere(size) : texts.modelsAndRoom(size, bytesText(numbers, free))),
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
