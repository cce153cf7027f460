import { useId } from 'react';
import { modelLabel } from '../../catalog/models.ts';
import { secondsFor } from '../../state/actions/paint-drawing.ts';
import { chooseModel } from '../../state/actions/take-over.ts';
import { Fast } from '../create/prompt/Fast.tsx';
import { useSettings, useSpeeds, useStores } from '../page/stores-context.ts';
import { tooLongText } from '../texts/field-note-text.ts';
import { secondsText } from '../texts/progress-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FieldLabel } from '../widgets/FieldLabel.tsx';
import styles from './DrawScreen.module.css';
import { useDrawTexts, useLive } from './use-draw.ts';

/** The form's prompt, and how fast the form's model paints where it may not be fast enough. */
export function DrawPrompt({ follows }: { readonly follows: boolean }) {
  const id = useId();
  const { fields: words, errors } = useTexts();
  const prompt = useSettings(({ fields }) => fields.prompt);
  const set = useSettings((settings) => settings.set);
  const fault = tooLongText(errors, 'prompt', prompt);
  return (
    <section className={styles.prompt} aria-label={words.labels.prompt}>
      <FieldLabel htmlFor={id} label={words.labels.prompt} help="prompt" />
      <textarea
        id={id}
        dir="auto"
        rows={1}
        value={prompt}
        aria-invalid={fault !== null}
        aria-describedby={`${id}-fault`}
        onChange={(event) => set('prompt', event.target.value)}
      />
      <p id={`${id}-fault`} className={styles.fault}>
        {fault}
      </p>
      {!follows && <Slow />}
      <Fast />
    </section>
  );
}

/** What a picture costs with a model of many steps, and what follows the pen instead. */
function Slow() {
  const texts = useDrawTexts();
  const { progress } = useTexts();
  const stores = useStores();
  const fields = useSettings((settings) => settings.fields);
  const strength = useLive((live) => live.strength);
  const seconds = useSpeeds((speeds) => secondsFor(speeds, fields, strength));
  const time = seconds === null ? null : secondsText(progress, seconds);
  return (
    <p className={styles.slow}>
      {texts.slow(modelLabel(fields.model), Number(fields.numInferenceSteps), time)}{' '}
      <button type="button" onClick={() => void chooseModel(stores, 'trinket')}>
        {texts.useTrinket}
      </button>
    </p>
  );
}
