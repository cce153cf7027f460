import { saveUrl } from '../save-file.ts';
import { useGeneration, useInitImage, useSettings, useUpscales } from '../stores-context.ts';
import { Icon } from '../widgets/Icon.tsx';
import { fileName } from './file-name.ts';
import { SendMenu } from './SendMenu.tsx';
import styles from './Sheet.module.css';
import { UpscaleButtons } from './UpscaleButtons.tsx';

/** What can be done with a finished picture. `describedBy` says which one it is. */
export function Actions({ index, describedBy }: { index: number; describedBy: string }) {
  const picture = useGeneration(({ run }) => run?.pictures[index]);
  const prompt = useGeneration(({ run }) => run?.request.prompt ?? '');
  const reuseSeed = useSettings((settings) => settings.reuseSeed);
  const startFrom = useInitImage((image) => image.take);
  const larger = useUpscales((store) => store.made[picture?.url ?? '']);
  if (!picture?.url || !picture.png) return null;
  const { seed } = picture;
  const { url, png } = larger ?? { url: picture.url, png: picture.png };

  return (
    <span className={styles.actions}>
      <UpscaleButtons url={picture.url} png={picture.png} describedBy={describedBy} />
      <button
        type="button"
        aria-label="Reuse seed"
        aria-describedby={describedBy}
        title="Reuse seed"
        onClick={() => reuseSeed(seed)}
      >
        <Icon name="reuse" />
        <span className={styles.word}>Reuse seed</span>
      </button>
      <button
        type="button"
        aria-label="Start from this"
        aria-describedby={describedBy}
        title="Start from this"
        onClick={() => void startFrom(png)}
      >
        <Icon name="begin" />
        <span className={styles.word}>Start from this</span>
      </button>
      <button
        type="button"
        aria-label="Download"
        aria-describedby={describedBy}
        title="Download"
        onClick={() => saveUrl(url, fileName(prompt, seed))}
      >
        <Icon name="download" />
        <span className={styles.word}>Download</span>
      </button>
      <SendMenu {...{ index, describedBy }} />
    </span>
  );
}
