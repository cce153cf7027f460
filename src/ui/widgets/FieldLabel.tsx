import type { HelpName } from '../texts/setting-help.ts';
import styles from './FieldLabel.module.css';
import { HelpButton } from './HelpButton.tsx';

interface Props {
  readonly label: string;
  /** What there is help about. */
  readonly help?: HelpName | undefined;
  /** The id of the field. What is no field has its label read by the label's own `id`. */
  readonly htmlFor?: string;
  readonly id?: string;
}

/** The label of a field, or of several things together, and “?” beside it. */
export function FieldLabel({ label, help, htmlFor, id }: Props) {
  return (
    <div className={styles.label}>
      {htmlFor ? <label htmlFor={htmlFor}>{label}</label> : <span id={id}>{label}</span>}
      {help && <HelpButton name={help} label={label} />}
    </div>
  );
}
