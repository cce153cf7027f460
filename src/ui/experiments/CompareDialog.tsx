import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { cellLabel, cellRequest } from '../../experiments/axes.ts';
import type { Experiment } from '../../state/experiments.ts';
import { CompareSlider, type Labelled } from '../widgets/CompareSlider.tsx';
import { Icon } from '../widgets/Icon.tsx';
import { Select } from '../widgets/Select.tsx';
import styles from './Dialog.module.css';

interface Props {
  readonly experiment: Experiment;
  /** The cells shown at first, left and right. */
  readonly first: readonly [number, number];
  readonly onClose: () => void;
}

/** Any two finished pictures of a grid, one over the other. */
export function CompareDialog({ experiment, first, onClose }: Props) {
  const { axes, base, cells } = experiment;
  const dialog = useRef<HTMLDialogElement>(null);
  const [[left, right], setPair] = useState(first);
  useEffect(() => dialog.current?.showModal(), []);

  const options = Object.fromEntries(
    cells.flatMap(({ state }, i) => (state === 'done' ? [[String(i), cellLabel(axes, i)]] : [])),
  );
  const { width, height } = cellRequest(base, axes, left);
  const pictureOf = (cell: number): Labelled => {
    const shown = cells[cell];
    return { url: shown?.state === 'done' ? shown.url : '', label: cellLabel(axes, cell) };
  };
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      style={{ '--ratio': width / height } as CSSProperties}
      aria-label="Compare two pictures"
      onClose={onClose}
    >
      <CompareSlider left={pictureOf(left)} right={pictureOf(right)} ratio={width / height} />
      <div className={styles.pair}>
        <Select
          label="Left"
          about="The picture left of the line"
          value={String(left)}
          options={options}
          onChange={(cell) => setPair([Number(cell), right])}
        />
        <Select
          label="Right"
          about="The picture right of the line"
          value={String(right)}
          options={options}
          onChange={(cell) => setPair([left, Number(cell)])}
        />
        <button
          type="button"
          className="icon-button"
          aria-label="Close"
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
    </dialog>
  );
}
