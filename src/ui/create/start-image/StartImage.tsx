import { discardImage, startFrom } from '../../../state/actions/take-over.ts';
import { useInitImage, useSettings, useStores } from '../../page/stores-context.ts';
import { submitForm } from '../../page/submit-form.ts';
import { errorText } from '../../texts/error-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ChoiceSelect } from '../../widgets/ChoiceSelect.tsx';
import { FieldLabel } from '../../widgets/FieldLabel.tsx';
import { FileButton } from '../../widgets/FileButton.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { SettingsOffer } from '../prompt/SettingsOffer.tsx';
import { CutOut } from './CutOut.tsx';
import { InpaintOptions } from './InpaintOptions.tsx';
import styles from './StartImage.module.css';
import { usePlacement } from './use-placement.ts';

const VARIATIONS = 9;

/** The initial image: chosen here, or dropped or pasted anywhere on the page. */
export function StartImage() {
  const { errors } = useTexts();
  const url = useInitImage((image) => image.url);
  const error = useInitImage((image) => image.error);
  const stores = useStores();
  const texts = useTexts().startImage;
  const isFaulty = useSettings(({ notes }) => notes.strength !== undefined);
  const isBlurFaulty = useSettings(({ notes }) => notes.maskBlur !== undefined);
  return (
    <div className={styles.start}>
      <FieldLabel label={texts.label} help="startImage" />
      {url !== null && <Chosen url={url} />}
      {url === null && isFaulty && <NumberInput field="strength" />}
      {url === null && isBlurFaulty && <NumberInput field="maskBlur" />}
      <FileButton accept="image/*" onFiles={([file]) => file && void startFrom(stores, file)}>
        {url === null ? texts.choose : texts.chooseAnother}
      </FileButton>
      {error && (
        <p role="alert" className={styles.fault}>
          {errorText(errors, 'start-image', error).sentence} {errorText(errors, 'start-image', error).remedy}
        </p>
      )}
      {url === null && <p className={styles.hint}>{texts.hint}</p>}
    </div>
  );
}

/** The initial image as the model will get it, and how much of it may change. */
function Chosen({ url }: { readonly url: string }) {
  const stores = useStores();
  const texts = useTexts().startImage;
  const steps = useSettings(({ fields }) => Number(fields.numInferenceSteps));
  const left = useSettings(({ fields }) =>
    Math.floor(Number(fields.numInferenceSteps) * Number(fields.strength)),
  );
  const { file, room } = usePlacement();
  const isSameShape = Math.abs(file.width / file.height / (room.width / room.height) - 1) < 0.01;
  return (
    <>
      <div className={styles.picture}>
        <CutOut url={url} />
        <IconButton icon="close" label={texts.remove} hasTooltip onClick={() => void discardImage(stores)} />
      </div>
      <OfferedSettings url={url} />
      {!isSameShape && <ChoiceSelect field="fit" />}
      <InpaintOptions url={url} />
      <NumberInput field="strength" />
      <p className={left < 1 ? styles.fault : styles.hint}>
        {left < 1 ? texts.tooWeak : texts.stepsDone(left, steps)}
      </p>
      <button type="button" onClick={() => submitForm(stores, { numImages: VARIATIONS })}>
        {texts.nine}
      </button>
    </>
  );
}

/** Offers the settings that are written in the picture. */
function OfferedSettings({ url }: { readonly url: string }) {
  const settings = useInitImage((image) => image.settings);
  return settings && <SettingsOffer key={url} settings={settings} from="picture" />;
}
