import { useId, useState } from 'react';
import type { HelpName } from '../texts/setting-help.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FieldLabel } from './FieldLabel.tsx';
import styles from './NumberInput.module.css';

interface Props {
  readonly label: string;
  readonly help: HelpName;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Whether a slider stands beside the number. */
  readonly hasSlider?: boolean;
  /** The id of what says that the value is wrong, where it is. */
  readonly faultId?: string | undefined;
  /** Is given every number from `min` to `max`. */
  readonly onChange: (value: number) => void;
}

/** A labelled number of something that is no setting of the form, with a slider. What is out of its range stays unused, and says so. */
export function SliderField(props: Props) {
  const { label, help, value, min, max, step, hasSlider = true, faultId, onChange } = props;
  const id = useId();
  const texts = useTexts().fields;
  const [typed, setTyped] = useState<string | null>(null);
  const isFault = typed !== null && !isWithin(typed, min, max);
  return (
    <div className={styles.field}>
      <FieldLabel htmlFor={id} {...{ label, help }} />
      <div className={styles.row}>
        {hasSlider && (
          <input
            type="range"
            aria-label={texts.slider(label)}
            {...{ min, max, step, value }}
            onChange={(event) => onChange(Number(event.target.value))}
          />
        )}
        <input
          id={id}
          type="number"
          inputMode={step < 1 ? 'decimal' : 'numeric'}
          {...{ min, max, step }}
          value={typed ?? String(value)}
          aria-invalid={isFault || faultId !== undefined}
          aria-describedby={`${id}-note ${faultId ?? ''}`}
          onChange={({ target }) => {
            setTyped(target.value);
            if (isWithin(target.value, min, max)) onChange(Number(target.value));
          }}
          onBlur={() => setTyped(null)}
        />
      </div>
      <p id={`${id}-note`} className={isFault ? styles.fault : styles.note} aria-live="polite">
        {isFault && texts.fault(label, { min, max, whole: false })}
      </p>
    </div>
  );
}

const isWithin = (text: string, min: number, max: number) =>
  text.trim() !== '' && Number(text) >= min && Number(text) <= max;
