import { type ReactNode, useId } from 'react';
import type { NumberSetting } from '../../protocol/setting.ts';
import { type NumberName, SETTINGS } from '../../protocol/settings.ts';
import { useSettings } from '../page/stores-context.ts';
import { fieldNoteText } from '../texts/field-note-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import { FieldLabel } from './FieldLabel.tsx';
import styles from './NumberInput.module.css';

interface Props {
  readonly field: NumberName;
  /** After each change by hand. */
  readonly onType?: () => void;
  /** Buttons beside the number. */
  readonly children?: ReactNode;
}

/** A labelled number, with a slider if the setting has one, and a note about it underneath. */
export function NumberInput({ field, onType, children }: Props) {
  const id = useId();
  const texts = useTexts().fields;
  const label = texts.labels[field];
  const { min, max, step, slider }: NumberSetting = SETTINGS[field];
  const text = useSettings(({ fields }) => fields[field]);
  const note = useSettings(({ notes }) => notes[field]);
  const set = useSettings((settings) => settings.set);
  const commit = useSettings((settings) => settings.commit);
  const isFault = note?.kind === 'fault';

  return (
    <div className={styles.field}>
      <FieldLabel htmlFor={id} label={label} help={field} />
      <div className={styles.row}>
        {slider !== undefined && (
          <input
            type="range"
            aria-label={texts.slider(label)}
            {...{ min, step }}
            max={slider}
            value={Number(text)}
            onChange={(event) => set(field, event.target.value)}
          />
        )}
        <input
          id={id}
          type="number"
          inputMode={step < 1 ? 'decimal' : 'numeric'}
          {...{ min, max, step }}
          value={text}
          aria-invalid={isFault}
          aria-describedby={`${id}-note`}
          onChange={(event) => {
            set(field, event.target.value);
            onType?.();
          }}
          onBlur={() => commit(field)}
        />
        {children}
      </div>
      <p id={`${id}-note`} className={isFault ? styles.fault : styles.note} aria-live="polite">
        {note && fieldNoteText(texts, field, note)}
      </p>
    </div>
  );
}
