import { startFrom, takeOver } from '../../../state/actions/take-over.ts';
import { pictureFileName } from '../../page/picture-file-name.ts';
import { saveUrl } from '../../page/save-file.ts';
import { useGeneration, useStores, useUpscales } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { UpscaleButtons } from '../../upscale/UpscaleButtons.tsx';
import { ActionButton } from '../../widgets/ActionButton.tsx';
import { ShareMenu } from './ShareMenu.tsx';
import styles from './Sheet.module.css';

const seedReused = () => ({ kind: 'seed-reused' }) as const;

/** What can be done with a finished picture. `describedBy` is the id of what says which one it is. */
export function PictureActions({ index, describedBy }: { index: number; describedBy: string }) {
  const texts = useTexts().create;
  const picture = useGeneration(({ run }) => run?.pictures[index]);
  const prompt = useGeneration(({ run }) => run?.pictures[index]?.texts?.prompt ?? run?.request.prompt ?? '');
  const stores = useStores();
  const upscaled = useUpscales((store) => store.made[picture?.url ?? '']);
  if (!picture?.url || !picture.png) return null;
  const { seed } = picture;
  const { url, png } = upscaled ?? { url: picture.url, png: picture.png };

  return (
    <span className={styles.actions}>
      <UpscaleButtons url={picture.url} png={picture.png} describedBy={describedBy} />
      <ActionButton
        icon="reuse"
        label={texts.reuseSeed}
        describedBy={describedBy}
        onClick={() => void takeOver(stores, () => stores.settings.getState().reuseSeed(seed), seedReused)}
      />
      <ActionButton
        icon="start-from"
        label={texts.startFrom}
        describedBy={describedBy}
        onClick={() => void startFrom(stores, png)}
      />
      <ActionButton
        icon="download"
        label={texts.download}
        describedBy={describedBy}
        onClick={() => saveUrl(url, pictureFileName(prompt, seed))}
      />
      <ShareMenu {...{ index, describedBy }} />
    </span>
  );
}
