import { useId } from 'react';
import type { HelpName } from '../texts/setting-help.ts';
import { FieldLabel } from './FieldLabel.tsx';
import styles from './NumberInput.module.css';

interface Props<T extends string> {
  readonly label: string;
  /** What there is help about. */
  readonly help?: HelpName;
  readonly value: T;
  /** Value to text, in the order shown. */
  readonly options: Readonly<Record<T, string>>;
  /** The options under headings, where there are any. */
  readonly groups?: Readonly<Record<string, readonly T[]>>;
  /** A sentence about the value chosen. */
  readonly note?: string | undefined;
  readonly onChange: (value: T) => void;
}

/** A native select below its label; “?” says what it does, the note what its value does. */
export function Select<T extends string>(props: Props<T>) {
  const { label, help, value, options, groups, note, onChange } = props;
  const id = useId();
  const list = (keys: readonly T[]) =>
    keys.map((key) => (
      <option key={key} value={key}>
        {options[key]}
      </option>
    ));
  return (
    <div className={styles.field}>
      <FieldLabel htmlFor={id} {...{ label, help }} />
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
