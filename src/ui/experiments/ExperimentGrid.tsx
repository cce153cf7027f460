import { type CSSProperties, useLayoutEffect, useRef } from 'react';
import { type Axis, cellRequest } from '../../experiments/axes.ts';
import { squareColumns } from '../../experiments/grid-layout.ts';
import type { AppError } from '../../protocol/errors.ts';
import type { Cell, Experiment } from '../../state/jobs/experiment.ts';
import { useExperiments, useGeneration } from '../page/stores-context.ts';
import { cellLabel, valueLabel } from '../texts/axis-text.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { showBitmap } from '../widgets/show-bitmap.ts';
import styles from './ExperimentGrid.module.css';

interface Props {
  readonly experiment: Experiment;
  readonly onOpen: (cell: number) => void;
}

/** A table of two axes; of one axis a sheet as square as can be, each picture under its value. */
export function ExperimentGrid({ experiment, onOpen }: Props) {
  const [columns, rows] = experiment.axes;
  return rows ? (
    <Table {...{ experiment, columns, rows, onOpen }} />
  ) : (
    <Sheet {...{ experiment, columns, onOpen }} />
  );
}

function Sheet({ experiment, columns, onOpen }: Props & { readonly columns: Axis }) {
  const texts = useTexts();
  const style = { '--columns': squareColumns(columns.values.length) } as CSSProperties;
  return (
    <ol className={styles.sheet} style={style}>
      {columns.values.map((value, cell) => (
        <li key={value}>
          <span className={styles.label}>{valueLabel(texts, columns.kind, value)}</span>
          <CellView {...{ experiment, cell, onOpen }} />
        </li>
      ))}
    </ol>
  );
}

interface TableProps extends Props {
  readonly columns: Axis;
  readonly rows: Axis;
}

function Table({ experiment, columns, rows, onOpen }: TableProps) {
  const texts = useTexts();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={styles.scroll} aria-label={texts.experiments.grid} tabIndex={0}>
      <table className={styles.table} style={{ '--columns': columns.values.length } as CSSProperties}>
        <thead>
          <tr>
            <td />
            {columns.values.map((value) => (
              <th key={value} scope="col">
                {valueLabel(texts, columns.kind, value)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.values.map((value, row) => (
            <tr key={value}>
              <th scope="row">{valueLabel(texts, rows.kind, value)}</th>
              {columns.values.map((columnValue, column) => (
                <td key={columnValue}>
                  <CellView cell={row * columns.values.length + column} {...{ experiment, onOpen }} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps extends Props {
  readonly cell: number;
}

/** One picture: blank paper, developing, done, or why not. */
function CellView({ experiment, cell, onOpen }: CellProps) {
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
  const canvas = useRef<HTMLCanvasElement>(null);
  const preview = useGeneration(({ run }) => {
    const isOfCell =
      run?.origin.kind === 'experiment' && run.origin.experiment === id && run.origin.cell === cell;
    return isOfCell ? run.pictures[0]?.preview : null;
  });
  useLayoutEffect(() => {
    if (canvas.current && preview) showBitmap(canvas.current, preview);
  }, [preview]);
  return <canvas ref={canvas} role="img" aria-label={texts.developing(name)} />;
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
      <p>{errorText(errors, error).sentence}</p>
      <button type="button" aria-label={texts.tryCellAgain(name)} onClick={() => void retry(cell)}>
        {texts.tryAgain}
      </button>
    </div>
  );
}
