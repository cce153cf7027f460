import { isBusy } from '../../state/jobs/generation-store.ts';
import type { Upscales } from '../../state/jobs/upscales-store.ts';
import { useGeneration, useStores, useUpscales } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { ActionButton } from '../widgets/ActionButton.tsx';
import type { IconName } from '../widgets/Icon.tsx';
import styles from './UpscaleButtons.module.css';
import { useUpscalers } from './use-upscalers.ts';

interface Props {
  readonly png: Blob;
  /** The object URL of `png`, which is the picture's key in the store of upscales. */
  readonly url: string;
  readonly describedBy: string;
}

interface Entry {
  /** The upscaler: what its button does changes, but not the button, which has the focus. */
  readonly id: string;
  readonly label: string;
  readonly icon: IconName;
  readonly onClick: () => void;
}

/** One button for each upscaler: it upscales a finished picture; or one that stops what is made of it, or goes back to the original. */
export function UpscaleButtons({ png, url, describedBy }: Props) {
  const texts = useTexts().easel;
  const { settings, upscales, notice } = useStores();
  const upscalers = useUpscalers();
  const isGenerating = useGeneration(isBusy);
  const busy = useUpscales((store) => store.busy);
  const made = useUpscales((store) => store.made[url]);
  const { upscale, stop, discard } = upscales.getState();
  const isOurs = busy?.of === url;
  const isElsewhere = isGenerating || (busy !== null && !isOurs);

  const start = async (model: string) => {
    await upscale(url, png, model, settings.getState().fields.device);
    const larger = upscales.getState().made[url];
    if (larger) notice.getState().say({ kind: 'upscaled', width: larger.width, height: larger.height });
  };
  const choices = (): Entry[] =>
    upscalers.map(({ id, label }) => {
      return { id, label: texts.upscale(label), icon: 'upscale', onClick: () => void start(id) };
    });
  const isUpscale = (isOurs ? busy : made)?.task === 'upscale';
  const stopLabel = isUpscale ? texts.stopUpscaling : texts.stopRemovingBackground;
  const backLabel = isUpscale ? texts.originalSize : texts.withBackground;
  const entries: Entry[] = isOurs
    ? [{ id: busy.model, label: stopLabel, icon: 'close', onClick: stop }]
    : made
      ? [{ id: made.model, label: backLabel, icon: 'shrink', onClick: () => discard(url) }]
      : choices();

  return (
    <>
      {isOurs && <Progress {...busy} />}
      {entries.map(({ id, label, icon, onClick }) => (
        <ActionButton
          key={id}
          {...{ icon, label, describedBy }}
          // Not `disabled`, which would lose the focus.
          aria-disabled={isElsewhere}
          onClick={() => !isElsewhere && onClick()}
        />
      ))}
    </>
  );
}

/** How far it is; of a background that is not known. */
function Progress({ task, done }: NonNullable<Upscales['busy']>) {
  const texts = useTexts().easel;
  const known = { value: done, 'aria-valuetext': texts.percent(Math.floor(done * 100)) };
  return (
    <progress
      className={styles.progress}
      aria-label={task === 'upscale' ? texts.upscaling : texts.removingBackground}
      {...(task === 'upscale' && known)}
    />
  );
}
