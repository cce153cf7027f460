import { countCells } from '../../experiments/axes.ts';
import type { StoredExperiment } from '../../storage/stored-experiments.ts';
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
            <Row key={one.setup.id} stored={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ stored: { setup, done } }: { readonly stored: StoredExperiment }) {
  const texts = useTexts();
  const words = texts.experiments;
  const isCurrent = useExperiments(({ current }) => current?.id === setup.id);
  const isIdle = useExperiments(({ phase }) => phase === 'idle');
  const open = useExperiments((experiments) => experiments.open);
  const remove = useExperiments((experiments) => experiments.delete);
  const title = axesTitle(texts, setup.axes);
  return (
    <li className={styles.row}>
      <div>
        <h3>{title}</h3>
        <p className={styles.hint}>
          {setup.base.prompt.trim() === '' ? words.noPrompt : setup.base.prompt}
          <br />
          {words.storedFacts(done, countCells(setup.axes), new Date(setup.createdAt))}
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
            onClick={() => void open(setup.id)}
          >
            {words.open}
          </button>
        )}
        <button
          type="button"
          aria-label={words.deleteTitled(title)}
          aria-disabled={isCurrent && !isIdle}
          onClick={() => void remove(setup.id)}
        >
          {words.delete}
        </button>
      </span>
    </li>
  );
}
