import { useId } from 'react';
import { useGeneration, useUpscales } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { BackgroundOffer } from '../../upscale/BackgroundOffer.tsx';
import { UpscaleError } from '../../upscale/UpscaleError.tsx';
import { BitmapCanvas } from '../../widgets/BitmapCanvas.tsx';
import { PictureActions } from './PictureActions.tsx';
import styles from './Sheet.module.css';

interface Props {
  readonly index: number;
  /** Opens the lightbox; absent where the picture is as large already. */
  readonly onOpen?: ((index: number) => void) | undefined;
}

/** One picture: it develops on a canvas, and in the end the PNG lies over that. */
export function Print({ index, onOpen }: Props) {
  const texts = useTexts().easel;
  const caption = useId();
  const url = useGeneration(({ run }) => run?.pictures[index]?.url ?? null);
  const seed = useGeneration(({ run }) => run?.pictures[index]?.seed ?? 0);
  const prompt = useGeneration(({ run }) => run?.pictures[index]?.texts?.prompt ?? run?.request.prompt ?? '');
  const upscaled = useUpscales((store) => store.made[url ?? '']);
  const image = url && (
    <img
      className={upscaled?.task === 'removeBackground' ? styles.transparent : undefined}
      src={upscaled?.url ?? url}
      alt={prompt.trim() === '' ? texts.ofSeed(seed) : prompt}
    />
  );

  return (
    <li className={styles.print}>
      <div className={styles.paper}>
        <Developing index={index} label={url === null ? texts.developing(seed) : null} />
        {image && onOpen ? (
          <button
            type="button"
            className={styles.open}
            aria-haspopup="dialog"
            aria-describedby={caption}
            onClick={() => onOpen(index)}
          >
            {image}
          </button>
        ) : (
          image
        )}
      </div>
      <div className={styles.caption}>
        <span id={caption}>
          <span className={styles.word}>{texts.seed} </span>
          {seed}
          {upscaled && ` · ${upscaled.width} × ${upscaled.height}`}
        </span>
        {url && <PictureActions index={index} describedBy={caption} />}
      </div>
      {url && <BackgroundOffer of={url} />}
      {url && <UpscaleError of={url} />}
    </li>
  );
}

interface DevelopingProps {
  readonly index: number;
  /** Null once the PNG stands for the picture. */
  readonly label: string | null;
}

/** The canvas of the previews: nothing else on the page renders for them. */
function Developing({ index, label }: DevelopingProps) {
  const preview = useGeneration(({ run }) => run?.pictures[index]?.preview ?? null);
  return <BitmapCanvas bitmap={preview} {...(label === null ? {} : { role: 'img', 'aria-label': label })} />;
}
