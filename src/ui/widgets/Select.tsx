import { useId } from 'react';
import styles from './NumberInput.module.css';

interface Props<T extends string> {
  readonly label: string;
  /** What diffusers calls it and what it does. */
  readonly about: string;
  readonly value: T;
  /** Value to text, in the order shown. */
  readonly options: Readonly<Record<T, string>>;
  /** The options under headings, where there are any. */
  readonly groups?: Readonly<Record<string, readonly T[]>>;
  /** A sentence about the value chosen. */
  readonly note?: string | undefined;
  readonly onChange: (value: T) => void;
}

/** A native select below its label; the label's tooltip says what it does, the note what its value does. */
export function Select<T extends string>(props: Props<T>) {
  const { label, about, value, options, groups, note, onChange } = props;
  const id = useId();
  const list = (keys: readonly T[]) =>
    keys.map((key) => (
      <option key={key} value={key}>
        {options[key]}
      </option>
    ));
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
        {groups
          ? Object.entries(groups).map(([heading, keys]) => (
              <optgroup key={heading} label={heading}>
                {list(keys)}
              </optgroup>
            ))
          : list(Object.keys(options) as T[])}
      </select>
      <p id={`${id}-note`} className={styles.note}>
        {note}
      </p>
    </div>
  );
}
