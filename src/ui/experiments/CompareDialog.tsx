import { type CSSProperties, useState } from 'react';
import { cellRequest } from '../../experiments/axes.ts';
import type { Experiment } from '../../state/jobs/experiment.ts';
import { ComparePanes } from '../compare/ComparePanes.tsx';
import { useModal } from '../page/use-modal.ts';
import { cellLabel } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import type { Labelled } from '../widgets/CompareSlider.tsx';
import { IconButton } from '../widgets/IconButton.tsx';
import { Select } from '../widgets/Select.tsx';
import styles from './Dialog.module.css';

interface Props {
  readonly experiment: Experiment;
  /** The cells shown at first, left and right. */
  readonly first: readonly [number, number];
  readonly onClose: () => void;
}

/** Any two finished pictures of a grid, side by side under a slider. */
export function CompareDialog({ experiment, first, onClose }: Props) {
  const texts = useTexts();
  const { comparison, leftPicture, rightPicture, close } = texts.experiments;
  const { axes, base, cells } = experiment;
  const dialog = useModal();
  const [[left, right], setPair] = useState(first);

  const options = Object.fromEntries(
    cells.flatMap(({ state }, i) => (state === 'done' ? [[String(i), cellLabel(texts, axes, i)]] : [])),
  );
  const { width, height } = cellRequest(base, axes, left);
  const pictureOf = (cell: number): Labelled => {
    const shown = cells[cell];
    return { url: shown?.state === 'done' ? shown.url : '', label: cellLabel(texts, axes, cell) };
  };
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      style={{ '--ratio': width / height } as CSSProperties}
      aria-label={comparison}
      onClose={onClose}
    >
      <ComparePanes left={pictureOf(left)} right={pictureOf(right)} ratio={width / height} />
      <div className={styles.pair}>
        <Select
          label={leftPicture}
          value={String(left)}
          options={options}
          onChange={(cell) => setPair([Number(cell), right])}
        />
        <Select
          label={rightPicture}
          value={String(right)}
          options={options}
          onChange={(cell) => setPair([left, Number(cell)])}
        />
        <IconButton icon="close" label={close} onClick={() => dialog.current?.close()} />
      </div>
    </dialog>
  );
}
