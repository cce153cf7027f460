import { useId } from 'react';
import styles from './NumberInput.module.css';

interface Props<T extends string> {
  readonly label: string;
  /** What diffusers calls it and what it does. */
  readonly about: string;
  readonly value: T;
  /** Value to text, in the order shown. */
  readonly options: Readonly<Record<T, string>>;
  /** A sentence about the value chosen. */
  readonly note?: string | undefined;
  readonly onChange: (value: T) => void;
}

/** A labelled native select. */
export function Select<T extends string>({ label, about, value, options, note, onChange }: Props<T>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} title={about}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.value as T)}
      >
        {(Object.keys(options) as T[]).map((key) => (
          <option key={key} value={key}>
            {options[key]}
          </option>
        ))}
      </select>
      <p id={`${id}-note`} className={styles.note}>
        {note}
      </p>
    </div>
  );
}
