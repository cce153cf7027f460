import { hiresSize } from '../../../protocol/hires.ts';
import { HIRES_NAMES } from '../../../protocol/settings.ts';
import { useSettings } from '../../page/stores-context.ts';
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

function SecondPass() {
  const texts = useTexts().create;
  const size = useSettings(({ fields }) => {
    const [width, height, scale] = [fields.width, fields.height, fields.hiresScale].map(Number);
    if (!width || !height || !scale) return '';
    const enlarged = hiresSize({ width, height }, scale);
    return texts.pixels(enlarged.width, enlarged.height);
  });
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
      <NumberInput field="hiresStrength" />
      <div>
        <NumberInput field="hiresSteps" />
        {isSame && <p className={styles.hint}>{texts.sameSteps(steps)}</p>}
      </div>
    </>
  );
}
