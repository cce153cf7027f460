import { pictureFileName } from '../../page/picture-file-name.ts';
import { saveUrl } from '../../page/save-file.ts';
import { useGeneration, useInitImage, useSettings, useUpscales } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { UpscaleButtons } from '../../upscale/UpscaleButtons.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { ShareMenu } from './ShareMenu.tsx';
import styles from './Sheet.module.css';

/** What can be done with a finished picture. `describedBy` says which one it is. */
export function PictureActions({ index, describedBy }: { index: number; describedBy: string }) {
  const texts = useTexts().create;
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
        aria-label={texts.reuseSeed}
        aria-describedby={describedBy}
        title={texts.reuseSeed}
        onClick={() => reuseSeed(seed)}
      >
        <Icon name="reuse" />
        <span className={styles.word}>{texts.reuseSeed}</span>
      </button>
      <button
        type="button"
        aria-label={texts.startFrom}
        aria-describedby={describedBy}
        title={texts.startFrom}
        onClick={() => void startFrom(png)}
      >
        <Icon name="begin" />
        <span className={styles.word}>{texts.startFrom}</span>
      </button>
      <button
        type="button"
        aria-label={texts.download}
        aria-describedby={describedBy}
        title={texts.download}
        onClick={() => saveUrl(url, pictureFileName(prompt, seed))}
      >
        <Icon name="download" />
        <span className={styles.word}>{texts.download}</span>
      </button>
      <ShareMenu {...{ index, describedBy }} />
    </span>
  );
}
