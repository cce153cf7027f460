import { type CSSProperties, useId, useState } from 'react';
import type { Size } from '../../protocol/placement.ts';
import { keepLivePicture } from '../../state/actions/paint-drawing.ts';
import type { LivePicture } from '../../state/draw/live-store.ts';
import { SaveFailure } from '../create/easel/SaveFailure.tsx';
import { pictureFileName } from '../page/picture-file-name.ts';
import { saveUrl } from '../page/save-file.ts';
import { useGallery, useStores } from '../page/stores-context.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FieldLabel } from '../widgets/FieldLabel.tsx';
import { IconButton } from '../widgets/IconButton.tsx';
import styles from './DrawScreen.module.css';
import { LiveStatus } from './LiveStatus.tsx';
import { useDrawTexts, useLive } from './use-draw.ts';

interface Props {
  /** The drawing's: as long as there is no picture. */
  readonly shape: Size;
  readonly follows: boolean;
  readonly onPaint: () => void;
}

/** The picture, how far it may go from the drawing, and what can be done with it. */
export function PicturePane({ shape, follows, onPaint }: Props) {
  const texts = useDrawTexts();
  const picture = useLive((live) => live.picture);
  const { width, height } = picture ?? shape;
  return (
    <section className={styles.pane} aria-label={texts.picture}>
      <div className={styles.picture} style={{ '--ratio': width / height } as CSSProperties}>
        {picture ? (
          <img src={picture.url} alt={picture.texts.prompt || texts.pictureOf} />
        ) : (
          <p className={styles.empty}>{follows ? texts.empty : texts.emptySlow}</p>
        )}
      </div>
      <LiveStatus />
      <Buttons onPaint={onPaint} />
      <SaveFailure className={styles.fault} />
      <Strength />
    </section>
  );
}

function Buttons({ onPaint }: Pick<Props, 'onPaint'>) {
  const texts = useDrawTexts();
  const words = useTexts().create;
  const stores = useStores();
  const picture = useLive((live) => live.picture);
  const isResting = useLive((live) => live.phase === 'resting');
  const stop = useLive((live) => live.stop);
  const seed = useLive((live) => live.seed);
  const drawSeed = useLive((live) => live.drawSeed);
  const [asked, setAsked] = useState<LivePicture | null>(null);
  const isSaved = useGallery(({ savedAs }) => picture !== null && savedAs(picture.png) !== null);
  const canKeep = picture !== null && !isSaved && asked !== picture;
  const keep = () => {
    if (!picture || !canKeep) return;
    setAsked(picture);
    void keepLivePicture(stores, picture).then(() => {
      // One that waits for room in the storage is not asked for again.
      if (stores.gallery.getState().unsaved === 0) setAsked(null);
    });
  };
  return (
    <div className={styles.buttons}>
      <button type="button" className="primary" aria-disabled={!canKeep} onClick={keep}>
        {isSaved ? texts.kept : texts.keep}
      </button>
      <button type="button" onClick={isResting ? onPaint : stop}>
        {isResting ? texts.paint : texts.stop}
      </button>
      {picture && (
        <IconButton
          icon="download"
          label={words.download}
          hasTooltip
          onClick={() => saveUrl(picture.url, pictureFileName(picture.texts.prompt, picture.seed))}
        />
      )}
      <span className={styles.seed}>
        {texts.seed(seed)}
        <IconButton icon="dice" label={texts.anotherSeed} hasTooltip onClick={drawSeed} />
      </span>
    </div>
  );
}

function Strength() {
  const id = useId();
  const texts = useDrawTexts();
  const strength = useLive((live) => live.strength);
  const setStrength = useLive((live) => live.setStrength);
  const { numbers } = useTexts();
  return (
    <div className={styles.strength}>
      <FieldLabel htmlFor={id} label={texts.strength} help="strength" />
      <div>
        <input
          id={id}
          type="range"
          min={0.1}
          max={1}
          step={0.05}
          value={strength}
          aria-describedby={`${id}-note`}
          onChange={(event) => setStrength(Number(event.target.value))}
        />
        <output htmlFor={id}>{numbers.fixed(strength, 2)}</output>
      </div>
      <p id={`${id}-note`} className={styles.note}>
        {texts.strengthNote}
      </p>
    </div>
  );
}
