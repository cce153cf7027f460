import { useState } from 'react';
import { FITS } from '../../state/fields.ts';
import { maskShape } from '../../state/mask.ts';
import { errorText } from '../error-text.ts';
import { useInitImage, useSettings } from '../stores-context.ts';
import { FileButton } from '../widgets/FileButton.tsx';
import { Icon } from '../widgets/Icon.tsx';
import { NumberInput } from '../widgets/NumberInput.tsx';
import { Select } from '../widgets/Select.tsx';
import { MaskEditor } from './MaskEditor.tsx';
import { SettingsOffer } from './SettingsOffer.tsx';
import styles from './StartImage.module.css';

/** The picture to begin with: chosen, dropped or pasted anywhere on the page. */
export function StartImage() {
  const url = useInitImage((image) => image.url);
  const error = useInitImage((image) => image.error);
  const take = useInitImage((image) => image.take);
  const isFaulty = useSettings(({ notes }) => notes.strength !== undefined);
  return (
    <div className={styles.start}>
      <span className={styles.label}>Start from a picture</span>
      {url !== null && <Chosen url={url} />}
      {url === null && isFaulty && <Strength />}
      <FileButton accept="image/*" onFiles={([file]) => file && void take(file)}>
        {url === null ? 'Choose a picture…' : 'Choose another…'}
      </FileButton>
      {error && (
        <p role="alert" className={styles.fault}>
          {errorText(error).sentence} {errorText(error).remedy}
        </p>
      )}
      {url === null && <p className={styles.hint}>Or drop or paste one. It never leaves this machine.</p>}
    </div>
  );
}

const Strength = () => (
  <NumberInput field="strength" slider about="strength: how much of the picture may change" />
);

/** The picture as the model will get it, and how much of it is to change. */
function Chosen({ url }: { readonly url: string }) {
  const fit = useSettings(({ fields }) => fields.fit);
  const width = useSettings(({ fields }) => Number(fields.width) || 1);
  const height = useSettings(({ fields }) => Number(fields.height) || 1);
  const steps = useSettings(({ fields }) => Number(fields.steps));
  const left = useSettings(({ fields }) => Math.floor(Number(fields.steps) * Number(fields.strength)));
  const set = useSettings((settings) => settings.set);
  const ratio = width / height;
  const isSameShape = useInitImage((image) => Math.abs(image.width / image.height / ratio - 1) < 0.01);
  const discard = useInitImage((image) => image.discard);
  const objectFit = fit === 'crop' ? 'cover' : 'fill';
  return (
    <>
      <div className={styles.picture}>
        <img src={url} alt="The one to start from" style={{ aspectRatio: ratio, objectFit }} />
        <button
          type="button"
          className="icon-button"
          aria-label="Remove the picture"
          title="Remove the picture"
          onClick={discard}
        >
          <Icon name="close" />
        </button>
      </div>
      <ItsSettings url={url} />
      <MaskChoice {...{ url, objectFit, ratio }} shape={maskShape(fit, width, height)} />
      <Strength />
      <p className={left < 1 ? styles.fault : styles.hint}>
        {left < 1
          ? 'Too little for a single step: raise it, or Steps.'
          : `${left} of ${steps} steps are done; less keeps more of the picture.`}
      </p>
      {!isSameShape && (
        <Select
          label="Of another shape"
          about="What is taken of a picture that is not shaped like the one to be painted"
          value={fit}
          options={FITS}
          onChange={(value) => set('fit', value)}
        />
      )}
    </>
  );
}

/** What the picture says it was made with, to be taken over or not. */
function ItsSettings({ url }: { readonly url: string }) {
  const settings = useInitImage((image) => image.settings);
  return settings && <SettingsOffer key={url} settings={settings} heading="Made with" />;
}

interface MaskChoiceProps {
  readonly url: string;
  readonly objectFit: 'cover' | 'fill';
  readonly ratio: number;
  readonly shape: string;
}

/** All of the picture, or the part marked with a brush. */
function MaskChoice({ url, objectFit, ratio, shape }: MaskChoiceProps) {
  const [isOpen, setOpen] = useState(false);
  const mask = useInitImage((image) => image.mask);
  const isOther = useInitImage((image) => image.mask !== null && image.maskShape !== shape);
  const setMask = useInitImage((image) => image.setMask);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        {mask && !isOther ? 'Change what is painted anew…' : 'Paint only a part anew…'}
      </button>
      {isOther && (
        <p className={styles.hint}>The part marked was of another shape, and is not used: mark it anew.</p>
      )}
      {isOpen && (
        <MaskEditor
          {...{ url, objectFit, ratio }}
          mask={isOther ? null : mask}
          onDone={(next) => {
            setMask(next, shape);
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
