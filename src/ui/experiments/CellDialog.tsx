import type { CSSProperties, KeyboardEvent } from 'react';
import { cellRequest } from '../../experiments/axes.ts';
import { restoreRequest } from '../../state/actions/restore-picture.ts';
import type { Cell, Experiment } from '../../state/jobs/experiment.ts';
import { saveUrl } from '../page/save-file.ts';
import { useStores } from '../page/stores-context.ts';
import { useModal } from '../page/use-modal.ts';
import { cellLabel } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { IconButton } from '../widgets/IconButton.tsx';
import { CellFacts } from './CellFacts.tsx';
import styles from './Dialog.module.css';
import { cellFileName } from './experiment-file-names.ts';

interface Props {
  readonly experiment: Experiment;
  readonly cell: number;
  /** Shows another cell; null closes. */
  readonly onTurn: (cell: number | null) => void;
  /** Compares this cell with another; null where there is none. */
  readonly onCompare: ((cell: number) => void) | null;
  /** Shows the Create screen, where the cell's settings are used. */
  readonly onUse: () => void;
}

/** One picture of the grid, large, with its settings. The arrow keys turn to its neighbours, Esc closes. */
export function CellDialog({ experiment, cell, onTurn, onCompare, onUse }: Props) {
  const texts = useTexts();
  const stores = useStores();
  const dialog = useModal();
  const { axes, base, cells } = experiment;
  const shown = cells[cell];
  if (shown?.state !== 'done') return null;

  const request = cellRequest(base, axes, cell);
  const label = cellLabel(texts, axes, cell);
  const onKeyDown = ({ key }: KeyboardEvent) => {
    const next = neighbour(cells, cell, { ArrowRight: 1, ArrowLeft: -1 }[key] ?? 0);
    if (next !== cell) onTurn(next);
  };
  const use = async () => {
    const origin = { kind: 'experiment', experiment: experiment.id, cell } as const;
    await restoreRequest(stores, request, { ...shown, origin });
    onUse();
  };
  const save = () => saveUrl(shown.url, cellFileName(texts, axes, cell, cells.length));
  const close = () => dialog.current?.close();
  const compare = () => {
    // Closed first, so that the focus returns to the grid.
    close();
    onCompare?.(cell);
  };
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      style={{ '--ratio': request.width / request.height } as CSSProperties}
      aria-label={label}
      onClose={() => onTurn(null)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <img
        className={styles.picture}
        src={shown.url}
        alt={request.prompt.trim() === '' ? label : request.prompt}
      />
      <div className={styles.bar}>
        <h2>{label}</h2>
        <span className={styles.actions}>
          <button type="button" onClick={() => void use()}>
            {texts.experiments.useSettings}
          </button>
          {onCompare && (
            <button type="button" onClick={compare}>
              {texts.experiments.compare}
            </button>
          )}
          <IconButton icon="download" label={texts.experiments.download} hasTooltip onClick={save} />
          <IconButton icon="close" label={texts.experiments.close} onClick={close} />
        </span>
      </div>
      <CellFacts request={request} seconds={shown.seconds} />
    </dialog>
  );
}

/** The finished cell so many places after this one, or this one where there is none. */
function neighbour(cells: readonly Cell[], cell: number, places: number): number {
  const done = cells.flatMap(({ state }, i) => (state === 'done' ? [i] : []));
  return done[done.indexOf(cell) + places] ?? cell;
}
