import { type CSSProperties, type KeyboardEvent, useEffect, useId } from 'react';
import { useGeneration, useUpscales } from '../../page/stores-context.ts';
import { useModal } from '../../page/use-modal.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { BackgroundOffer } from '../../upscale/BackgroundOffer.tsx';
import { UpscaleError } from '../../upscale/UpscaleError.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import styles from './Lightbox.module.css';
import { PictureActions } from './PictureActions.tsx';

interface Props {
  readonly index: number;
  /** Shows another picture; null closes. */
  readonly onTurn: (index: number | null) => void;
}

/** One picture of several, as large as the window. The arrow keys turn to its neighbours, Esc closes. */
export function Lightbox({ index, onTurn }: Props) {
  const texts = useTexts().easel;
  const caption = useId();
  const dialog = useModal();
  const run = useGeneration((generation) => generation.run);
  const picture = run?.pictures[index];
  const upscaled = useUpscales((store) => store.made[picture?.url ?? '']);

  // A new run may take the picture away.
  useEffect(() => {
    if (!picture?.url) onTurn(null);
  }, [picture, onTurn]);
  if (!run || !picture?.url) return null;

  const onKeyDown = ({ key }: KeyboardEvent) => {
    const next = index + (key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0);
    if (next !== index && run.pictures[next]?.url) onTurn(next);
  };

  const { width, height, prompt } = run.request;
  return (
    <dialog
      ref={dialog}
      className={styles.lightbox}
      style={{ '--ratio': width / height } as CSSProperties}
      aria-label={texts.pictureOf(index + 1, run.pictures.length)}
      onClose={() => onTurn(null)}
      onKeyDown={onKeyDown}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <img
        src={upscaled?.url ?? picture.url}
        alt={prompt.trim() === '' ? texts.ofSeed(picture.seed) : prompt}
      />
      <div className={styles.bar}>
        <span id={caption}>{texts.placeAndSeed(index + 1, run.pictures.length, picture.seed)}</span>
        <PictureActions index={index} describedBy={caption} />
        <IconButton icon="close" label={texts.close} onClick={() => dialog.current?.close()} />
        <BackgroundOffer of={picture.url} />
        <UpscaleError of={picture.url} />
      </div>
    </dialog>
  );
}
