import { enlargedSize } from '../../../protocol/hires.ts';
import { useSettings } from '../../page/stores-context.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { NumberInput } from '../../widgets/NumberInput.tsx';
import { Select } from '../../widgets/Select.tsx';
import styles from './Options.module.css';

/** A second pass over the picture, enlarged; its settings only where there is one, or where one of them is wrong. */
export function EnlargeOptions() {
  const { create: texts, fields: words } = useTexts();
  const hires = useSettings(({ fields }) => fields.hires);
  const set = useSettings((settings) => settings.set);
  const isFaulty = useSettings(({ notes }) =>
    [notes.hiresScale, notes.hiresStrength, notes.hiresSteps].some((note) => note?.kind === 'fault'),
  );
  return (
    <>
      <Select
        label={words.labels.hires}
        about={words.about.hires}
        value={hires}
        options={words.hires}
        note={hires === 'off' ? undefined : texts.hires}
        onChange={(value) => set('hires', value)}
      />
      {(hires !== 'off' || isFaulty) && <SecondPass />}
    </>
  );
}

function SecondPass() {
  const texts = useTexts().create;
  const size = useSettings(({ fields }) => {
    const [width, height, scale] = [fields.width, fields.height, fields.hiresScale].map(Number);
    if (!width || !height || !scale) return '';
    const enlarged = enlargedSize({ width, height }, scale);
    return texts.pixels(enlarged.width, enlarged.height);
  });
  const steps = useSettings(({ fields }) => fields.steps);
  const isSame = useSettings(
    ({ fields }) => fields.hiresSteps.trim() !== '' && Number(fields.hiresSteps) === 0,
  );
  return (
    <>
      <div>
        <NumberInput field="hiresScale" slider />
        <p className={styles.hint}>{size}</p>
      </div>
      <NumberInput field="hiresStrength" slider />
      <div>
        <NumberInput field="hiresSteps" slider />
        {isSame && <p className={styles.hint}>{texts.sameSteps(steps)}</p>}
      </div>
    </>
  );
}
