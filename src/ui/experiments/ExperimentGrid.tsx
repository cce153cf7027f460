import type { CSSProperties } from 'react';
import type { Axis } from '../../experiments/axes.ts';
import { squareColumns } from '../../experiments/grid-layout.ts';
import type { Experiment } from '../../state/jobs/experiment.ts';
import { valueLabel } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ExperimentGrid.module.css';
import { GridCell } from './GridCell.tsx';

interface Props {
  readonly experiment: Experiment;
  readonly onOpen: (cell: number) => void;
}

/** Two axes as a table; one axis as a sheet with about as many rows as columns, each picture under its value. */
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
          <GridCell {...{ experiment, cell, onOpen }} />
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
                  <GridCell cell={row * columns.values.length + column} {...{ experiment, onOpen }} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
