import { countCells } from '../../experiments/axes.ts';
import type { StoredSweep } from '../../storage/stored-experiments.ts';
import { useExperiments } from '../page/stores-context.ts';
import { axesTitle } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ExperimentsScreen.module.css';

/** Earlier experiments: to be opened, resumed or deleted. */
export function StoredExperiments() {
  const texts = useTexts();
  const words = texts.experiments;
  const stored = useExperiments((experiments) => experiments.stored);
  const deleted = useExperiments((experiments) => experiments.deleted);
  const undo = useExperiments((experiments) => experiments.undoDelete);
  if (stored.length === 0 && !deleted) return null;
  return (
    <section aria-label={words.stored} className={styles.stored}>
      <h2>{words.storedHere}</h2>
      {deleted && (
        <p className={styles.undo}>
          <span>{words.deleted(axesTitle(texts, deleted.axes))}</span>
          <button type="button" onClick={() => void undo()}>
            {words.undo}
          </button>
        </p>
      )}
      {stored.length > 0 && (
        <ul>
          {stored.map((one) => (
            <Row key={one.sweep.id} stored={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ stored: { sweep, done } }: { readonly stored: StoredSweep }) {
  const texts = useTexts();
  const words = texts.experiments;
  const isCurrent = useExperiments(({ current }) => current?.id === sweep.id);
  const isIdle = useExperiments(({ phase }) => phase === 'idle');
  const open = useExperiments((experiments) => experiments.open);
  const remove = useExperiments((experiments) => experiments.delete);
  const title = axesTitle(texts, sweep.axes);
  return (
    <li className={styles.row}>
      <div>
        <h3>{title}</h3>
        <p className={styles.hint}>
          {sweep.base.prompt.trim() === '' ? words.noPrompt : sweep.base.prompt}
          <br />
          {words.storedFacts(done, countCells(sweep.axes), new Date(sweep.createdAt))}
        </p>
      </div>
      <span className={styles.actions}>
        {isCurrent ? (
          <span className={styles.hint}>{words.shownAbove}</span>
        ) : (
          <button
            type="button"
            aria-label={words.openTitled(title)}
            aria-disabled={!isIdle}
            onClick={() => void open(sweep.id)}
          >
            {words.open}
          </button>
        )}
        <button
          type="button"
          aria-label={words.deleteTitled(title)}
          aria-disabled={isCurrent && !isIdle}
          onClick={() => void remove(sweep.id)}
        >
          {words.delete}
        </button>
      </span>
    </li>
  );
}
