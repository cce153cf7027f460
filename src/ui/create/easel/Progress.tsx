import { hiresSize } from '../../../protocol/hires.ts';
import { steeringOfForm } from '../../../state/actions/link-steering.ts';
import { restoreShown } from '../../../state/actions/restore-picture.ts';
import { wouldMake } from '../../../state/form/would-make.ts';
import { canKeep, type Generation, isBusy } from '../../../state/jobs/generation-store.ts';
import { progressOf, stepsOf } from '../../../state/jobs/progress.ts';
import type { Run } from '../../../state/jobs/run.ts';
import {
  useControls,
  useDevice,
  useGeneration,
  useInitImage,
  usePicturePrompts,
  useSettings,
  useStores,
} from '../../page/stores-context.ts';
import { DoneNoticeSwitch } from '../../queue/DoneNoticeSwitch.tsx';
import { deviceText } from '../../texts/device-text.ts';
import type { Texts } from '../../texts/en.ts';
import { progressText, secondsText } from '../../texts/progress-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './Progress.module.css';

/** One line below the picture: the progress of the run, or its result. */
export function Progress() {
  return (
    <>
      {useGeneration(isBusy) ? <Bar /> : <Outcome />}
      <StoppedBefore />
    </>
  );
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
      <DoneNoticeSwitch />
    </div>
  );
}

function Outcome() {
  const { progress: texts, device } = useTexts();
  const words = useGeneration((generation) => outcomeText(texts, generation));
  const used = useGeneration(({ run }) => run?.device);
  const isAutomatic = useGeneration(({ run }) => run?.request.device === 'auto');
  const whyCpu = useDevice(({ report }) => (report?.auto === 'wasm' ? report.reason : undefined));
  if (words === '') return null;
  return (
    <div className={styles.outcome}>
      <p>
        {words}
        {used && ` · ${deviceText(device, used)}`}
        {isAutomatic && used?.provider === 'wasm' && whyCpu && `. ${device.notTheGpu[whyCpu]}`}
      </p>
      <Keep />
      <OtherSettings />
    </div>
  );
}

/** Keeps what a stopped run has begun as it is. */
function Keep() {
  const texts = useTexts().progress;
  const can = useGeneration(canKeep);
  const isKeeping = useGeneration((generation) => generation.isKeeping);
  const keep = useGeneration((generation) => generation.keep);
  if (!can && !isKeeping) return null;
  return (
    <button type="button" className={styles.keep} aria-disabled={isKeeping} onClick={() => void keep()}>
      {isKeeping ? texts.keeping : texts.keep}
    </button>
  );
}

/** Keeps what a run had begun that was stopped while others waited; the worker decodes it after the picture it is at. */
function StoppedBefore() {
  const texts = useTexts().progress;
  const stopped = useGeneration((generation) => generation.stopped);
  const busy = useGeneration(isBusy);
  const isKeeping = useGeneration((generation) => generation.isKeeping);
  const keep = useGeneration((generation) => generation.keep);
  const forget = useGeneration((generation) => generation.forgetStopped);
  if (!stopped) return null;
  return (
    <div className={styles.before}>
      <p>{texts.before(stoppedText(texts, stopped))}</p>
      <button type="button" aria-disabled={isKeeping} onClick={() => void keep()}>
        {!isKeeping ? texts.keep : busy ? texts.keepingLater : texts.keeping}
      </button>
      {!isKeeping && <IconButton icon="close" label={texts.dismissStopped} onClick={forget} />}
    </div>
  );
}

/** Says that the picture is not the one that the form's settings make, and brings its settings into the form. */
function OtherSettings() {
  const texts = useTexts().easel;
  const stores = useStores();
  const run = useGeneration((generation) => generation.run);
  const fields = useSettings((settings) => settings.fields);
  const chosen = useSettings((settings) => settings.styles);
  const file = useInitImage((image) => image.file);
  const mask = useInitImage((image) => image.mask);
  const layers = useControls((controls) => controls.layers);
  const prompts = usePicturePrompts((all) => all.prompts);
  const start = { file, mask, ...steeringOfForm(layers, prompts) };
  const seeds = run?.pictures.map(({ seed }) => seed) ?? [];
  const painted = run?.pictures.map((picture) => picture.texts) ?? [];
  if (!run || wouldMake({ fields, styles: chosen }, start, { request: run.request, seeds, texts: painted }))
    return null;
  return (
    <p>
      {run.origin.kind === 'create' ? texts.formChanged : texts.madeElsewhere[run.origin.kind]}{' '}
      <button type="button" onClick={() => void restoreShown(stores)}>
        {texts.useItsSettings}
      </button>
    </p>
  );
}

function outcomeText(texts: Texts['progress'], { phase, run }: Generation): string {
  if (!run || phase === 'failed') return '';
  const { request } = run;
  if (!run.result) return stoppedText(texts, run);
  const { seconds } = run.result;
  const time = seconds === null ? '' : `${secondsText(texts, seconds)} · `;
  const { hires, numInferenceSteps: steps } = request;
  const { width, height } = hires ? hiresSize(request, hires.scale) : request;
  const counted = hires ? texts.stepsOfBoth(steps, hires.steps) : texts.steps(steps);
  return `${time}${width} × ${height} · ${counted}`;
}

function stoppedText(texts: Texts['progress'], { request, pass, step }: Run): string {
  const steps = stepsOf(request, pass);
  return pass === 2 ? texts.stoppedInHires(step, steps) : texts.stoppedAt(step, steps);
}
