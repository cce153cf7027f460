import { axesTitle, countCells } from '../../experiments/axes.ts';
import type { KeptSweep } from '../../state/experiment-storage.ts';
import { useExperiments } from '../stores-context.ts';
import styles from './ExperimentsScreen.module.css';

/** What was tried before, to be looked at again, gone on with, or deleted. */
export function KeptExperiments() {
  const kept = useExperiments((experiments) => experiments.kept);
  const deleted = useExperiments((experiments) => experiments.deleted);
  const undo = useExperiments((experiments) => experiments.undoDelete);
  if (kept.length === 0 && !deleted) return null;
  return (
    <section aria-label="Kept experiments" className={styles.kept}>
      <h2>Kept on this device</h2>
      {deleted && (
        <p className={styles.undo}>
          <span>“{axesTitle(deleted.axes)}” is deleted.</span>
          <button type="button" onClick={() => void undo()}>
            Undo
          </button>
        </p>
      )}
      {kept.length > 0 && (
        <ul>
          {kept.map((one) => (
            <Row key={one.sweep.id} kept={one} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ kept: { sweep, done } }: { readonly kept: KeptSweep }) {
  const isCurrent = useExperiments(({ current }) => current?.id === sweep.id);
  const isIdle = useExperiments(({ phase }) => phase === 'idle');
  const open = useExperiments((experiments) => experiments.open);
  const remove = useExperiments((experiments) => experiments.delete);
  const title = axesTitle(sweep.axes);
  const when = new Date(sweep.createdAt).toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <li className={styles.row}>
      <div>
        <h3>{title}</h3>
        <p className={styles.hint}>
          {sweep.base.prompt.trim() === '' ? 'No prompt' : sweep.base.prompt}
          <br />
          {done} of {countCells(sweep.axes)} pictures · {when}
        </p>
      </div>
      <span className={styles.actions}>
        {isCurrent ? (
          <span className={styles.hint}>Shown above</span>
        ) : (
          <button
            type="button"
            aria-label={`Open ${title}`}
            aria-disabled={!isIdle}
            onClick={() => void open(sweep.id)}
          >
            Open
          </button>
        )}
        <button
          type="button"
          aria-label={`Delete ${title}`}
          aria-disabled={isCurrent && !isIdle}
          onClick={() => void remove(sweep.id)}
        >
          Delete
        </button>
      </span>
    </li>
  );
}
