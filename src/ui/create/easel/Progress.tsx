import { hiresSize } from '../../../protocol/hires.ts';
import { type Generation, isBusy } from '../../../state/jobs/generation-store.ts';
import { progressOf, stepsOf } from '../../../state/jobs/progress.ts';
import { useGeneration } from '../../page/stores-context.ts';
import { deviceText } from '../../texts/device-text.ts';
import type { Texts } from '../../texts/en.ts';
import { progressText, secondsText } from '../../texts/progress-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './Progress.module.css';

/** One line below the picture: the progress of the run, or its result. */
export function Progress() {
  return useGeneration(isBusy) ? <Bar /> : <Outcome />;
}

function Bar() {
  const texts = useTexts().progress;
  const text = useGeneration((generation) => progressText(texts, generation));
  const percent = useGeneration((generation) => {
    const done = progressOf(generation);
    return done === null ? undefined : Math.round(done * 100);
  });
  return (
    <div className={styles.progress}>
      <div
        role="progressbar"
        aria-label={texts.label}
        aria-valuetext={text}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
        className={percent === undefined ? styles.waiting : styles.bar}
      >
        <div style={percent === undefined ? undefined : { width: `${percent}%` }} />
      </div>
      <p>{text}</p>
    </div>
  );
}

function Outcome() {
  const { progress: texts, device } = useTexts();
  const words = useGeneration((generation) => outcomeText(texts, generation));
  const used = useGeneration(({ run }) => run?.device);
  if (words === '') return null;
  return (
    <p className={styles.outcome}>
      {words}
      {used && ` · ${deviceText(device, used)}`}
    </p>
  );
}

function outcomeText(texts: Texts['progress'], { phase, run }: Generation): string {
  if (!run || phase === 'failed') return '';
  const { request, pass, step } = run;
  if (!run.result) {
    const steps = stepsOf(request, pass);
    return pass === 2 ? texts.stoppedInHires(step, steps) : texts.stoppedAt(step, steps);
  }
  const time = secondsText(texts, run.result.seconds);
  const { hires, numInferenceSteps: steps } = request;
  const { width, height } = hires ? hiresSize(request, hires.scale) : request;
  const counted = hires ? texts.stepsOfBoth(steps, hires.steps) : texts.steps(steps);
  return `${time} · ${width} × ${height} · ${counted}`;
}
