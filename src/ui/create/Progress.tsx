import { enlargedSize } from '../../protocol/hires.ts';
import { deviceName } from '../../state/device.ts';
import { type Generation, isBusy } from '../../state/generation.ts';
import { useDevice, useGeneration } from '../stores-context.ts';
import styles from './Progress.module.css';
import { progressText, secondsText, stepsOf } from './progress-text.ts';

/** One line under the picture: how far it is, or how it went. */
export function Progress() {
  return useGeneration(isBusy) ? <Bar /> : <Outcome />;
}

function Bar() {
  const text = useGeneration((generation) => progressText(generation).text);
  const percent = useGeneration((generation) => {
    const { done } = progressText(generation);
    return done === null ? undefined : Math.round(done * 100);
  });
  return (
    <div className={styles.progress}>
      <div
        role="progressbar"
        aria-label="Progress"
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
  const words = useGeneration(outcomeText);
  const provider = useGeneration(({ run }) => run?.result?.device);
  const report = useDevice((device) => device.report);
  if (words === '') return null;
  return (
    <p className={styles.outcome}>
      {words}
      {provider && report && ` · ${deviceName(report, provider)}`}
    </p>
  );
}

function outcomeText({ phase, run }: Generation): string {
  if (!run || phase === 'failed') return '';
  const { request, pass, step } = run;
  if (!run.result) {
    const enlarged = pass === 2 ? ', enlarged' : '';
    return `Stopped at step ${step} of ${stepsOf(request, pass)}${enlarged}`;
  }
  const time = secondsText(run.result.seconds);
  const { hires, numInferenceSteps: steps } = request;
  const { width, height } = hires ? enlargedSize(request, hires.scale) : request;
  const counted = hires ? `${steps} + ${hires.steps} steps` : steps === 1 ? '1 step' : `${steps} steps`;
  return `${time} · ${width} × ${height} · ${counted}`;
}
