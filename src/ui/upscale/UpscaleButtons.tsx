import { isBusy } from '../../state/jobs/generation-store.ts';
import styles from '../create/easel/Sheet.module.css';
import { useGeneration, useModels, useStores, useUpscales } from '../page/stores-context.ts';
import { errorText } from '../texts/error-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { Icon } from '../widgets/Icon.tsx';

interface Props {
  /** The picture's file and its object URL. */
  readonly png: Blob;
  readonly url: string;
  readonly describedBy: string;
}

interface Entry {
  /** The upscaler: what its button does changes, but not the button, which has the focus. */
  readonly id: string;
  readonly name: string;
  readonly icon: 'close' | 'enlarge' | 'shrink';
  readonly onClick: () => void;
}

/** Makes a finished picture larger, with each upscaler on this device; and back again. */
export function UpscaleButtons({ png, url, describedBy }: Props) {
  const texts = useTexts().easel;
  const { settings, upscales, notice } = useStores();
  const installed = useModels((models) => models.installed) ?? [];
  const isPainting = useGeneration(isBusy);
  const busy = useUpscales((store) => store.busy);
  const made = useUpscales((store) => store.made[url]);
  const { upscale, stop, discard } = upscales.getState();
  const isOurs = busy?.of === url;
  const isElsewhere = isPainting || (busy !== null && !isOurs);

  const enlarge = async (model: string) => {
    await upscale(url, png, model, settings.getState().fields.device);
    const larger = upscales.getState().made[url];
    if (larger) notice.getState().say({ kind: 'enlarged', width: larger.width, height: larger.height });
  };
  const choices = (): Entry[] =>
    installed
      .filter(({ type, complete }) => type === 'upscaler' && complete)
      .map(({ id, label }) => {
        return { id, name: texts.enlarge(label), icon: 'enlarge', onClick: () => void enlarge(id) };
      });
  const entries: Entry[] = isOurs
    ? [{ id: busy.model, name: texts.stopEnlarging, icon: 'close', onClick: stop }]
    : made
      ? [{ id: made.model, name: texts.toOwnSize, icon: 'shrink', onClick: () => discard(url) }]
      : choices();

  return (
    <>
      {isOurs && (
        <progress
          className={styles.enlarging}
          aria-label={texts.enlarging}
          aria-valuetext={texts.percent(Math.floor(busy.done * 100))}
          value={busy.done}
        />
      )}
      {entries.map(({ id, name, icon, onClick }) => (
        <button
          key={id}
          type="button"
          aria-label={name}
          aria-describedby={describedBy}
          title={name}
          // Not `disabled`, which would lose the focus.
          aria-disabled={isElsewhere}
          onClick={() => !isElsewhere && onClick()}
        >
          <Icon name={icon} />
          <span className={styles.word}>{name}</span>
        </button>
      ))}
    </>
  );
}

/** Why a picture was not made larger: `of` is what the store of upscales calls it. */
export function UpscaleFault({ of }: { readonly of: string }) {
  const texts = useTexts().errors;
  const error = useUpscales((store) => (store.error?.of === of ? store.error.error : null));
  if (!error) return null;
  const { sentence, remedy } = errorText(texts, error);
  return (
    <p role="alert" className={styles.fault}>
      {sentence} {remedy}
    </p>
  );
}
