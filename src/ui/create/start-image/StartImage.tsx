import { press } from '../../press.ts';
import { useInitImage, useSettings, useStores } from '../../stores-context.ts';
import { errorText } from '../../texts/error-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { FileButton } from '../../widgets/FileButton.tsx';
import { Icon } from '../../widgets/Icon.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { Select } from '../../widgets/Select.tsx';
import { SettingsOffer } from '../prompt/SettingsOffer.tsx';
import { CutOut } from './CutOut.tsx';
import { MaskBlur, Repaint } from './Repaint.tsx';
import styles from './StartImage.module.css';
import { usePlacement } from './use-placement.ts';

const VARIATIONS = 9;

/** The picture to begin with: chosen, dropped or pasted anywhere on the page. */
export function StartImage() {
  const { errors } = useTexts();
  const url = useInitImage((image) => image.url);
  const error = useInitImage((image) => image.error);
  const take = useInitImage((image) => image.take);
  const texts = useTexts().startImage;
  const isFaulty = useSettings(({ notes }) => notes.strength !== undefined);
  const isBlurFaulty = useSettings(({ notes }) => notes.maskBlur !== undefined);
  return (
    <div className={styles.start}>
      <span className={styles.label}>{texts.label}</span>
      {url !== null && <Chosen url={url} />}
      {url === null && isFaulty && <Strength />}
      {url === null && isBlurFaulty && <MaskBlur />}
      <FileButton accept="image/*" onFiles={([file]) => file && void take(file)}>
        {url === null ? texts.choose : texts.chooseAnother}
      </FileButton>
      {error && (
        <p role="alert" className={styles.fault}>
          {errorText(errors, error).sentence} {errorText(errors, error).remedy}
        </p>
      )}
      {url === null && <p className={styles.hint}>{texts.hint}</p>}
    </div>
  );
}

const Strength = () => <NumberInput field="strength" />;

/** The picture as the model will get it, and how much of it is to change. */
function Chosen({ url }: { readonly url: string }) {
  const stores = useStores();
  const { startImage: texts, fields: words } = useTexts();
  const fit = useSettings(({ fields }) => fields.fit);
  const steps = useSettings(({ fields }) => Number(fields.numInferenceSteps));
  const left = useSettings(({ fields }) =>
    Math.floor(Number(fields.numInferenceSteps) * Number(fields.strength)),
  );
  const set = useSettings((settings) => settings.set);
  const discard = useInitImage((image) => image.discard);
  const { file, room } = usePlacement();
  const isSameShape = Math.abs(file.width / file.height / (room.width / room.height) - 1) < 0.01;
  return (
    <>
      <div className={styles.picture}>
        <CutOut url={url} />
        <button
          type="button"
          className="icon-button"
          aria-label={texts.remove}
          title={texts.remove}
          onClick={discard}
        >
          <Icon name="close" />
        </button>
      </div>
      <ItsSettings url={url} />
      {!isSameShape && (
        <Select
          label={words.labels.fit}
          about={words.about.fit}
          value={fit}
          options={words.fit}
          onChange={(value) => set('fit', value)}
        />
      )}
      <Repaint url={url} />
      <Strength />
      <p className={left < 1 ? styles.fault : styles.hint}>
        {left < 1 ? texts.tooWeak : texts.stepsDone(left, steps)}
      </p>
      <button type="button" onClick={() => press(stores, { numImages: VARIATIONS })}>
        {texts.nine}
      </button>
    </>
  );
}

/** What the picture says it was made with, to be taken over or not. */
function ItsSettings({ url }: { readonly url: string }) {
  const settings = useInitImage((image) => image.settings);
  return settings && <SettingsOffer key={url} settings={settings} from="picture" />;
}
