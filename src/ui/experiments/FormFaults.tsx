import { NUMBER_NAMES } from '../../protocol/settings.ts';
import { useSettings } from '../page/stores-context.ts';
import { fieldNoteText } from '../texts/field-note-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ExperimentsScreen.module.css';

/** The fields of the Create screen whose values are refused, and why. */
export function FormFaults() {
  const { experiments, fields } = useTexts();
  const notes = useSettings((settings) => settings.notes);
  const faults = NUMBER_NAMES.filter((field) => notes[field]?.kind === 'fault');
  if (faults.length === 0) return null;
  return (
    <div role="alert" className={styles.fault}>
      <p>{experiments.fixFirst}</p>
      <ul>
        {faults.map((field) => (
          <li key={field}>{fieldNoteText(fields, field, { kind: 'fault' })}</li>
        ))}
      </ul>
    </div>
  );
}
