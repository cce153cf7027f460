import { cellRequest } from '../../experiments/axes.ts';
import type { AppError } from '../../protocol/errors.ts';
import type { Cell, Experiment } from '../../state/jobs/experiment.ts';
import { useExperiments, useGeneration } from '../page/stores-context.ts';
import { cellLabel } from '../texts/axis-text.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { BitmapCanvas } from '../widgets/BitmapCanvas.tsx';
import styles from './ExperimentGrid.module.css';

interface Props {
  readonly experiment: Experiment;
  readonly cell: number;
  readonly onOpen: (cell: number) => void;
}

/** One picture of the grid: waiting, developing, done, or failed. */
export function GridCell({ experiment, cell, onOpen }: Props) {
  const texts = useTexts();
  const { width, height } = cellRequest(experiment.base, experiment.axes, cell);
  const shown = experiment.cells[cell] as Cell;
  const name = cellLabel(texts, experiment.axes, cell);
  return (
    <div className={styles.paper} style={{ aspectRatio: width / height }} data-state={shown.state}>
      {shown.state === 'running' && <Developing id={experiment.id} {...{ cell, name }} />}
      {shown.state === 'done' && (
        <button type="button" aria-haspopup="dialog" onClick={() => onOpen(cell)}>
          <img src={shown.url} alt={name} />
        </button>
      )}
      {shown.state === 'failed' && <Failed {...{ cell, name }} error={shown.error} />}
    </div>
  );
}

interface DevelopingProps {
  /** The experiment's. */
  readonly id: string;
  readonly cell: number;
  readonly name: string;
}

function Developing({ id, cell, name }: DevelopingProps) {
  const texts = useTexts().experiments;
  const preview = useGeneration(({ run }) => {
    const isOfCell =
      run?.origin.kind === 'experiment' && run.origin.experiment === id && run.origin.cell === cell;
    return isOfCell ? run.pictures[0]?.preview : null;
  });
  return <BitmapCanvas bitmap={preview} role="img" aria-label={texts.developing(name)} />;
}

interface FailedProps {
  readonly cell: number;
  readonly name: string;
  readonly error: AppError;
}

function Failed({ cell, name, error }: FailedProps) {
  const { experiments: texts, errors } = useTexts();
  const retry = useExperiments((experiments) => experiments.retry);
  return (
    <div className={styles.failed}>
      <p>{errorText(errors, 'experiments', error).sentence}</p>
      <button type="button" aria-label={texts.tryCellAgain(name)} onClick={() => void retry(cell)}>
        {texts.tryAgain}
      </button>
    </div>
  );
}
