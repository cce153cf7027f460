import { useDevice, useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './Easel.module.css';

/** Says that the CPU paints because the GPU has failed, and lets the GPU try again. */
export function GpuGivenUp() {
  const texts = useTexts().device;
  const isAuto = useSettings(({ fields }) => fields.device === 'auto');
  const reason = useDevice(({ report }) => report?.reason);
  const failures = useDevice(({ gpuFailures }) => gpuFailures);
  const tryAgain = useDevice((device) => device.tryGpuAgain);
  if (!isAuto || (reason !== 'failed' && reason !== 'wrong-numbers')) return null;
  return (
    <div className={`${styles.notice} ${styles.wrapping}`}>
      <p>{reason === 'failed' ? texts.gpuFailed(failures) : texts.notTheGpu[reason]}</p>
      <button type="button" className={styles.tryAgain} onClick={() => void tryAgain()}>
        {texts.tryGpuAgain}
      </button>
    </div>
  );
}
