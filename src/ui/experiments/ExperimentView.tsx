import { useEffect, useRef, useState } from 'react';
import type { Experiment } from '../../state/jobs/experiment.ts';
import { useExperiments } from '../page/stores-context.ts';
import { axesTitle } from '../texts/axis-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { CellDialog } from './CellDialog.tsx';
import { CompareDialog } from './CompareDialog.tsx';
import { ExperimentGrid } from './ExperimentGrid.tsx';
import { ExperimentProgress } from './ExperimentProgress.tsx';
import styles from './ExperimentView.module.css';
import { SaveButtons } from './SaveButtons.tsx';

interface Props {
  readonly experiment: Experiment;
  readonly onUse: () => void;
}

/** The current experiment: its progress, its grid, and what can be done with it. */
export function ExperimentView({ experiment, onUse }: Props) {
  const texts = useTexts();
  const { titled, noPrompt } = texts.experiments;
  const [openCell, setOpenCell] = useState<number | null>(null);
  const [compared, setCompared] = useState<readonly [number, number] | null>(null);
  const { axes, base, cells } = experiment;
  const done = cells.flatMap(({ state }, i) => (state === 'done' ? [i] : []));
  const compare = (cell: number) => {
    setCompared([cell, done.find((other) => other !== cell) ?? cell]);
  };
  const heading = useRef<HTMLHeadingElement>(null);
  const hasFocus = useRef(false);
  // Stop, Resume and Try again disappear once they are no use; the focus they had goes to the heading.
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
        <RunButton experiment={experiment} />
      </div>
      <ExperimentProgress experiment={experiment} />
      <ExperimentGrid experiment={experiment} onOpen={setOpenCell} />
      <SaveButtons experiment={experiment} done={done.length} onCompare={() => compare(done[0] ?? 0)} />
      {openCell !== null && (
        <CellDialog
          {...{ experiment, onUse }}
          cell={openCell}
          onTurn={setOpenCell}
          onCompare={done.length > 1 ? compare : null}
        />
      )}
      {compared && (
        <CompareDialog experiment={experiment} first={compared} onClose={() => setCompared(null)} />
      )}
    </section>
  );
}

/** Stop, or Resume. */
function RunButton({ experiment: { cells } }: { readonly experiment: Experiment }) {
  const texts = useTexts().experiments;
  const phase = useExperiments((experiments) => experiments.phase);
  const stop = useExperiments((experiments) => experiments.stop);
  const resume = useExperiments((experiments) => experiments.resume);
  const isWaiting = cells.some(({ state }) => state === 'waiting');
  if (phase === 'idle' && !isWaiting) return null;
  // The same button, so that it keeps the focus.
  return (
    <button
      type="button"
      aria-disabled={phase === 'stopping'}
      onClick={() => (phase === 'idle' ? void resume() : stop())}
    >
      {phase === 'idle' ? texts.resume : phase === 'running' ? texts.stop : texts.stopping}
    </button>
  );
}
