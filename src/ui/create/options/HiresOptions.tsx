import { hiresSize } from '../../../protocol/hires.ts';
import { HIRES_NAMES, SETTINGS } from '../../../protocol/settings.ts';
import { useModelCard, useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { ChoiceSelect } from '../../widgets/ChoiceSelect.tsx';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import styles from './Options.module.css';

/** The second pass over the enlarged picture. Its settings show only if there is one, or if one of them is wrong. */
export function HiresOptions() {
  const { hires } = useTexts().create;
  const upscaler = useSettings(({ fields }) => fields.hiresUpscaler);
  const isFaulty = useSettings(({ notes }) =>
    HIRES_NAMES.some((name) => name !== 'hiresUpscaler' && notes[name]?.kind === 'fault'),
  );
  return (
    <>
      <ChoiceSelect field="hiresUpscaler" note={upscaler === 'off' ? undefined : hires} />
      {(upscaler !== 'off' || isFaulty) && <SecondPass />}
    </>
  );
}

/** Enlarged latents are blurred; it takes about this much to paint them sharp (A1111's wiki on Hires. fix). */
const BLURRED_BELOW = 0.5;

function SecondPass() {
  const { create: texts, numbers } = useTexts();
  const size = useSettings(({ fields }) => {
    const [width, height, scale] = [fields.width, fields.height, fields.hiresScale].map(Number);
    if (!width || !height || !scale) return '';
    const enlarged = hiresSize({ width, height }, scale);
    return texts.pixels(enlarged.width, enlarged.height);
  });
  const { label, defaults } = useModelCard();
  const isLarger = useSettings(
    ({ fields }) =>
      Number(fields.width) * Number(fields.height) * Number(fields.hiresScale) ** 2 >
      defaults.width * defaults.height,
  );
  const isBlurred = useSettings(
    ({ fields }) => fields.hiresUpscaler === 'latent' && Number(fields.hiresStrength) < BLURRED_BELOW,
  );
  const { hiresStrength = SETTINGS.hiresStrength.initial } = defaults;
  const steps = useSettings(({ fields }) => fields.numInferenceSteps);
  const isSame = useSettings(
    ({ fields }) => fields.hiresSteps.trim() !== '' && Number(fields.hiresSteps) === 0,
  );
  return (
    <>
      <div>
        <NumberInput field="hiresScale" />
        <p className={styles.hint}>{size}</p>
      </div>
      <div>
        <NumberInput field="hiresStrength" />
        {isLarger && (
          <p className={styles.hint}>
            {texts.keepsPicture(label, defaults.width, defaults.height, numbers.plain(hiresStrength))}
            {isBlurred && ` ${texts.blurredLatents}`}
          </p>
        )}
      </div>
      <div>
        <NumberInput field="hiresSteps" />
        {isSame && <p className={styles.hint}>{texts.sameSteps(steps)}</p>}
      </div>
    </>
  );
}
