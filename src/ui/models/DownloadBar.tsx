import type { ModelId } from '../../catalog/models.ts';
import type { DownloadProgress } from '../../protocol/models.ts';
import { useModels } from '../page/stores-context.ts';
import { bytesText, durationText } from '../texts/bytes-text.ts';
import type { Texts } from '../texts/en.ts';
import type { ModelsTexts } from '../texts/models-texts-en.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ModelsScreen.module.css';
import { useModelsTexts } from './use-models-texts.ts';

interface Props {
  readonly id: ModelId;
  readonly label: string;
  /** A quantised copy is being made, instead of a download. */
  readonly isCopy?: boolean;
}

/** How far a download or a copy is, how fast, and how long it will still take. */
export function DownloadBar({ id, label, isCopy = false }: Props) {
  const texts = useModelsTexts();
  const { numbers } = useTexts();
  const { progress, speed } = useModels(({ downloads }) => downloads[id]) ?? { progress: null, speed: null };
  const text = !progress
    ? texts.starting
    : isCopy
      ? texts.copied(Math.floor((100 * progress.loadedBytes) / progress.totalBytes))
      : downloadText(texts, numbers, progress, speed);
  return (
    <div className={styles.download}>
      <progress
        aria-label={isCopy ? texts.makingCopyOf(label) : texts.downloadOf(label)}
        aria-valuetext={text}
        value={progress?.loadedBytes}
        max={progress ? Math.max(1, progress.totalBytes) : undefined}
      />
      <p>{text}</p>
    </div>
  );
}

function downloadText(
  texts: ModelsTexts,
  numbers: Texts['numbers'],
  { loadedBytes, totalBytes, waitSeconds }: DownloadProgress,
  speed: number | null,
): string {
  const loaded = texts.loaded(bytesText(numbers, loadedBytes), bytesText(numbers, totalBytes));
  if (waitSeconds !== null) return texts.retrying(loaded, durationText(waitSeconds));
  if (speed === null || speed === 0) return loaded;
  const left = durationText((totalBytes - loadedBytes) / speed);
  return texts.loading(loaded, bytesText(numbers, speed), left);
}
