import { useState } from 'react';
import type { AppError } from '../../protocol/errors.ts';
import { useLanguage } from '../page/stores-context.ts';
import { useModal } from '../page/use-modal.ts';
import { deviceText } from '../texts/device-text.ts';
import { errorText } from '../texts/error-text.ts';
import { MEASURE_TEXTS, type MeasureTexts } from '../texts/measure-texts.ts';
import {
  listText,
  measurementText,
  millisecondsText,
  partText,
  rateText,
} from '../texts/measurement-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { DialogHeading } from '../widgets/DialogHeading.tsx';
import { browserName } from './browser-name.ts';
import styles from './MeasureDialog.module.css';
import type { Measurement } from './measurement.ts';
import { useMeasurement } from './use-measurement.ts';

/** How many parts there are: so many steps of progress. */
const PARTS = 5;

/** Measures the GPU while it is open, and shows what was measured. */
export function MeasureDialog({ onClose }: { readonly onClose: () => void }) {
  const deviceTexts = useTexts().device;
  const texts = MEASURE_TEXTS[useLanguage(({ language }) => language)];
  const dialog = useModal();
  const [measurement, start, stop] = useMeasurement();
  const { state, device, times, leftOut, error } = measurement;
  const isRunning = state === 'running';
  return (
    <dialog ref={dialog} className={styles.dialog} aria-label={texts.measure} onClose={onClose}>
      <DialogHeading close={texts.close} onClose={() => dialog.current?.close()}>
        {texts.measure}
      </DialogHeading>
      <p>{device ? deviceText(deviceTexts, device) : texts.about}</p>
      {isRunning && <Progress texts={texts} measurement={measurement} />}
      {times.length > 0 && <Times texts={texts} measurement={measurement} />}
      {leftOut.length > 0 && <p>{texts.leftOut(listText(texts, leftOut))}</p>}
      {state === 'stopped' && <p role="status">{times.length > 0 ? texts.stopped : texts.nothing}</p>}
      {error && <Fault texts={texts} error={error} hasTimes={times.length > 0} />}
      <div className={styles.actions}>
        {isRunning ? (
          <button type="button" onClick={stop}>
            {texts.stop}
          </button>
        ) : (
          <>
            {times.length > 0 && <CopyButton texts={texts} measurement={measurement} />}
            <button type="button" onClick={start}>
              {texts.again}
            </button>
          </>
        )}
      </div>
    </dialog>
  );
}

interface Shown {
  readonly texts: MeasureTexts;
  readonly measurement: Measurement;
}

function Progress({ texts, measurement: { current, times, leftOut } }: Shown) {
  return (
    <div className={styles.progress}>
      <progress aria-label={texts.progress} max={PARTS} value={times.length + leftOut.length} />
      <p role="status">
        {current ? texts.measuring(texts.parts[current.part], texts.kernels[current.kernels]) : texts.opening}
      </p>
    </div>
  );
}

function Times({ texts, measurement: { times } }: Shown) {
  const { fixed } = useTexts().numbers;
  const { part, time, first, load } = texts.columns;
  return (
    <table className={styles.times}>
      <thead>
        <tr>
          {[part, time, first, load].map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {times.map((one) => (
          <tr key={`${one.part} ${one.kernels}`}>
            <th scope="row">
              {partText(texts, one).replaceAll(' × ', '\u00a0×\u00a0')}
              <span>
                {texts.kernels[one.kernels]}, {texts.bits(one.bits)}
              </span>
            </th>
            <td>{millisecondsText(fixed, one.medianMs)}</td>
            <td>{millisecondsText(fixed, one.firstMs)}</td>
            <td>{rateText(fixed, one)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Fault(props: {
  readonly texts: MeasureTexts;
  readonly error: AppError;
  readonly hasTimes: boolean;
}) {
  const { texts, error, hasTimes } = props;
  const words = useTexts().errors;
  const isWrong = error.code === 'wrong-numbers' && error.details.kind === undefined;
  const { sentence, remedy } = isWrong ? texts.wrongNumbers : errorText(words, 'measure', error);
  return (
    <p role="alert" className={styles.fault}>
      {sentence} {remedy} {hasTimes && texts.untilThen}
    </p>
  );
}

/** Copies the measurement as a text to be posted. */
function CopyButton({ texts, measurement }: Shown) {
  const [state, setState] = useState<'new' | 'copied' | 'refused'>('new');
  const { device, times, leftOut, error } = measurement;
  const copy = async () => {
    const text = measurementText({
      ...{ times, leftOut, version: import.meta.env.VERSION, date: new Date().toISOString().slice(0, 10) },
      ...{ gpu: device?.gpu ?? 'WebGPU', browser: await browserName(), error: error?.code },
    });
    await navigator.clipboard.writeText(text);
  };
  return (
    <>
      <p role="status" className={state === 'refused' ? undefined : 'unseen'}>
        {state === 'refused' && texts.notCopied}
        {state === 'copied' && texts.copied}
      </p>
      <button
        type="button"
        onClick={() =>
          copy().then(
            () => setState('copied'),
            () => setState('refused'),
          )
        }
      >
        {state === 'copied' ? texts.copied : texts.copy}
      </button>
    </>
  );
}
