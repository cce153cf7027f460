import { enlargedSize } from '../../protocol/hires.ts';
import { HIRES_CHOICES } from '../../state/hires.ts';
import { useSettings } from '../stores-context.ts';
import { NumberInput } from '../widgets/NumberInput.tsx';
import { Select } from '../widgets/Select.tsx';
import styles from './Options.module.css';

/** A second pass over the picture, enlarged; its settings only where there is one, or where one of them is wrong. */
export function EnlargeOptions() {
  const hires = useSettings(({ fields }) => fields.hires);
  const set = useSettings((settings) => settings.set);
  const isFaulty = useSettings(({ notes }) =>
    [notes.hiresScale, notes.hiresStrength, notes.hiresSteps].some((note) => note?.kind === 'fault'),
  );
  return (
    <>
      <Select
        label="Enlarge"
        about="Hires. fix: the finished picture is enlarged, and painted over at that size"
        value={hires}
        options={HIRES_CHOICES}
        note={hires === 'off' ? undefined : 'Painted small first, then again at the larger size from that.'}
        onChange={(value) => set('hires', value)}
      />
      {(hires !== 'off' || isFaulty) && <SecondPass />}
    </>
  );
}

function SecondPass() {
  const size = useSettings(({ fields }) => {
    const [width, height, scale] = [fields.width, fields.height, fields.hiresScale].map(Number);
    if (!width || !height || !scale) return '';
    const enlarged = enlargedSize({ width, height }, scale);
    return `${enlarged.width} × ${enlarged.height} pixels`;
  });
  const steps = useSettings(({ fields }) => fields.steps);
  const isSame = useSettings(
    ({ fields }) => fields.hiresSteps.trim() !== '' && Number(fields.hiresSteps) === 0,
  );
  return (
    <>
      <div>
        <NumberInput field="hiresScale" slider about="Hires upscale: how many times as wide and as high" />
        <p className={styles.hint}>{size}</p>
      </div>
      <NumberInput
        field="hiresStrength"
        slider
        about="Denoising strength: how much of the enlarged picture may change"
      />
      <div>
        <NumberInput
          field="hiresSteps"
          slider
          about="Hires steps: how many are done over the enlarged picture"
        />
        {isSame && <p className={styles.hint}>0: as many as Steps, {steps}.</p>}
      </div>
    </>
  );
}
