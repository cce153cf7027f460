import { useEffect, useRef, useState } from 'react';
import { cellRequest } from '../../experiments/axes.ts';
import type { Experiment } from '../../state/jobs/experiment.ts';
import { saveFile } from '../page/save-file.ts';
import { useExperiments } from '../page/stores-context.ts';
import { axesTitle } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { CellDialog } from './CellDialog.tsx';
import { CompareDialog } from './CompareDialog.tsx';
import { ExperimentGrid } from './ExperimentGrid.tsx';
import styles from './ExperimentView.module.css';
import { experimentFileName } from './experiment-file-names.ts';
import { gridPng } from './grid-png.ts';
import { useTime } from './use-form-request.ts';
import { zipOfCells } from './zip-cells.ts';

interface Props {
  readonly experiment: Experiment;
  readonly onUse: () => void;
}

/** The experiment in hand: how far it is, its grid, and what can be done with it. */
export function ExperimentView({ experiment, onUse }: Props) {
  const texts = useTexts();
  const { titled, noPrompt } = texts.experiments;
  const [enlarged, setEnlarged] = useState<number | null>(null);
  const [compared, setCompared] = useState<readonly [number, number] | null>(null);
  const { axes, base, cells } = experiment;
  const done = cells.flatMap(({ state }, i) => (state === 'done' ? [i] : []));
  const compare = (cell: number) => {
    setCompared([cell, done.find((other) => other !== cell) ?? cell]);
  };
  const heading = useRef<HTMLHeadingElement>(null);
  const hasFocus = useRef(false);
  // Stop, Go on and Try again vanish when they are done with; the focus they had goes to the heading, not nowhere.
  useEffect(() => {
    if (hasFocus.current && document.activeElement === document.body)
      heading.current?.focus({ preventScroll: true });
  });
  return (
    <section
      className={styles.view}
      aria-label={titled(axesTitle(texts, axes))}
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget) hasFocus.current = false;
      }}
    >
      <div className={styles.head}>
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {axesTitle(texts, axes)}
          </h2>
          <p className={styles.about}>{base.prompt.trim() === '' ? noPrompt : base.prompt}</p>
        </div>
        <RunButtons experiment={experiment} />
      </div>
      <Progress experiment={experiment} />
      <ExperimentGrid experiment={experiment} onOpen={setEnlarged} />
      <SaveButtons experiment={experiment} done={done.length} onCompare={() => compare(done[0] ?? 0)} />
      {enlarged !== null && (
        <CellDialog
          {...{ experiment, onUse }}
          cell={enlarged}
          onTurn={setEnlarged}
          onCompare={done.length > 1 ? compare : null}
        />
      )}
      {compared && (
        <CompareDialog experiment={experiment} first={compared} onClose={() => setCompared(null)} />
      )}
    </section>
  );
}

/** Stop, Go on, or try again what has failed. */
function RunButtons({ experiment: { cells } }: { readonly experiment: Experiment }) {
  const texts = useTexts().experiments;
  const phase = useExperiments((experiments) => experiments.phase);
  const stop = useExperiments((experiments) => experiments.stop);
  const resume = useExperiments((experiments) => experiments.resume);
  const isWaiting = cells.some(({ state }) => state === 'waiting');
  if (phase === 'idle' && !isWaiting) return null;
  // One button in one place, so that the focus stays where it is.
  return (
    <button
      type="button"
      className={phase === 'idle' ? 'primary' : undefined}
      aria-disabled={phase === 'stopping'}
      onClick={() => (phase === 'idle' ? void resume() : stop())}
    >
      {phase === 'idle' ? texts.resume : phase === 'running' ? texts.stop : texts.stopping}
    </button>
  );
}

function Progress({ experiment }: { readonly experiment: Experiment }) {
  const texts = useTexts().experiments;
  const isIdle = useExperiments(({ phase }) => phase === 'idle');
  const { base, axes, cells } = experiment;
  const count = (state: string) => cells.filter((cell) => cell.state === state).length;
  const done = count('done');
  const failed = count('failed');
  const left = cells.flatMap(({ state }, i) =>
    state === 'waiting' || state === 'running' ? [cellRequest(base, axes, i)] : [],
  );
  const time = useTime(left);
  const words = [
    texts.done(done, cells.length),
    ...(failed > 0 ? [texts.failed(failed)] : []),
    ...(isIdle && left.length > 0 ? [texts.paused] : []),
    ...(time === null ? [] : [texts.left(time)]),
  ];
  return (
    <div className={styles.progress}>
      {left.length > 0 && <progress aria-label={texts.progress} value={done} max={cells.length} />}
      <p>{words.join(' · ')}</p>
    </div>
  );
}

interface SaveProps {
  readonly experiment: Experiment;
  readonly done: number;
  readonly onCompare: () => void;
}

/** What leaves the page: the grid as one picture, or each picture as a file. */
function SaveButtons({ experiment, done, onCompare }: SaveProps) {
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
      setFault(words.notSaved(error instanceof Error ? error.message : String(error)));
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
