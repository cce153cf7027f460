import { cellRequest } from '../../experiments/axes.ts';
import type { Experiment } from '../../state/jobs/experiment.ts';
import { useExperiments } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ExperimentView.module.css';
import { useTime } from './use-form-request.ts';

/** How many cells are done, how many have failed, and how long the rest will take. */
export function ExperimentProgress({ experiment }: { readonly experiment: Experiment }) {
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
