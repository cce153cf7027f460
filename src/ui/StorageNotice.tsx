import type { AppError } from '../protocol/errors.ts';
import type { Stored } from '../storage/storage-news.ts';
import styles from './App.module.css';
import { useStorageFaults } from './page/stores-context.ts';
import { errorText } from './texts/error-text.ts';
import { useTexts } from './texts/use-texts.ts';
import { IconButton } from './widgets/IconButton.tsx';

const ORDER: readonly Stored[] = ['picture', 'job', 'experiment', 'file', 'settings'];

/** Says what this browser does not keep for the next visit, and what it lost of the last one. The page works without. */
export function StorageNotice() {
  const { storage: texts, errors } = useTexts();
  const failed = useStorageFaults((faults) => faults.failed);
  const unreadable = useStorageFaults((faults) => faults.unreadable);
  const dismiss = useStorageFaults((faults) => faults.dismiss);
  const lots = byRemedy(failed, (error) => errorText(errors, 'page', error).remedy);
  const lost = Object.entries(unreadable) as [Stored, number][];
  if (lots.length === 0 && lost.length === 0) return null;
  return (
    <div role="status" className={styles.storage}>
      <div>
        {lots.map(([remedy, things]) => (
          <p key={remedy}>
            {texts.unkept(things)} {remedy}
          </p>
        ))}
        {lost.map(([thing, count]) => (
          <p key={thing}>{texts.unreadable[thing](count)}</p>
        ))}
      </div>
      <IconButton icon="close" label={texts.dismiss} onClick={dismiss} />
    </div>
  );
}

/** What is not kept, by what helps. */
function byRemedy(
  failed: Readonly<Partial<Record<Stored, AppError>>>,
  remedyOf: (error: AppError) => string,
): [remedy: string, things: Stored[]][] {
  const lots = new Map<string, Stored[]>();
  for (const thing of ORDER) {
    const error = failed[thing];
    if (!error) continue;
    const remedy = remedyOf(error);
    lots.set(remedy, [...(lots.get(remedy) ?? []), thing]);
  }
  return [...lots];
}
