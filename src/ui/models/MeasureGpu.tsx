import { useState } from 'react';
import { isBusy } from '../../state/jobs/generation-store.ts';
import { useDevice, useGeneration, useLanguage, useUpscales } from '../page/stores-context.ts';
import { MEASURE_TEXTS } from '../texts/measure-texts.ts';
import { MeasureDialog } from './MeasureDialog.tsx';
import styles from './ModelsScreen.module.css';

/** A button that measures the GPU, where the browser offers one; not while a picture is painted or upscaled. */
export function MeasureGpu() {
  const texts = MEASURE_TEXTS[useLanguage(({ language }) => language)];
  const gpu = useDevice(({ report }) => report?.gpu);
  const isPainting = useGeneration(isBusy);
  const isUpscaling = useUpscales(({ busy }) => busy !== null);
  const [isOpen, setOpen] = useState(false);
  if (gpu === undefined) return null;
  const isLater = isPainting || isUpscaling;
  return (
    <section aria-label={texts.label}>
      <h2>{texts.label}</h2>
      <div className={styles.storage}>
        <p>
          {`WebGPU · ${gpu}`}
          {isLater && <br />}
          {isLater && texts.later}
        </p>
        <button type="button" aria-haspopup="dialog" disabled={isLater} onClick={() => setOpen(true)}>
          {texts.measure}
        </button>
      </div>
      {isOpen && <MeasureDialog onClose={() => setOpen(false)} />}
    </section>
  );
}
