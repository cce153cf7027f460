import { useState } from 'react';
import { fromWire, toWire } from '../../protocol/errors.ts';
import type { Experiment } from '../../state/jobs/experiment.ts';
import { saveFile } from '../page/save-file.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ExperimentView.module.css';
import { experimentFileName } from './experiment-file-names.ts';
import { gridPng } from './grid-png.ts';
import { zipOfCells } from './zip-cells.ts';

interface Props {
  readonly experiment: Experiment;
  /** How many cells are done. */
  readonly done: number;
  readonly onCompare: () => void;
}

/** Saves the grid as one picture, or every picture as a file of its own; compares two of them. */
export function SaveButtons({ experiment, done, onCompare }: Props) {
  const texts = useTexts();
  const words = texts.experiments;
  const [isSaving, setSaving] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  if (done === 0) return null;
  const name = experimentFileName(texts, experiment.axes, experiment.base.prompt);
  const save = async (make: typeof gridPng, ending: string) => {
    if (isSaving) return;
    setSaving(true);
    setFault(null);
    try {
      saveFile(await make(texts, experiment), `${name}.${ending}`);
    } catch (error) {
      const { sentence, remedy } = errorText(texts.errors, 'save', fromWire(toWire(error)));
      setFault(words.notSaved(`${sentence} ${remedy}`));
    } finally {
      setSaving(false);
    }
  };
  return (
    <div className={styles.save}>
      <button type="button" aria-disabled={isSaving} onClick={() => void save(gridPng, 'png')}>
        {words.saveGrid}
      </button>
      <button type="button" aria-disabled={isSaving} onClick={() => void save(zipOfCells, 'zip')}>
        {words.saveEach}
      </button>
      {done > 1 && (
        <button type="button" onClick={onCompare}>
          {words.compareTwo}
        </button>
      )}
      {fault && <p role="alert">{fault}</p>}
    </div>
  );
}
