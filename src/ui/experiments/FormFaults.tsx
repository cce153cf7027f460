import { NUMBER_NAMES, TEXT_NAMES } from '../../protocol/settings.ts';
import { useSettings } from '../page/stores-context.ts';
import { fieldNoteText, tooLongText } from '../texts/field-note-text.ts';
import { useTexts } from '../texts/use-texts.ts';
import styles from './ExperimentsScreen.module.css';

/** The fields of the Create screen whose values are refused, and why. */
export function FormFaults() {
  const { experiments, fields: words, errors } = useTexts();
  const notes = useSettings((settings) => settings.notes);
  const fields = useSettings((settings) => settings.fields);
  const faults = [
    ...TEXT_NAMES.map((name) => tooLongText(errors, name, fields[name])),
    ...NUMBER_NAMES.filter((name) => notes[name]?.kind === 'fault').map((name) =>
      fieldNoteText(words, name, { kind: 'fault' }),
    ),
  ].filter((text) => text !== null);
  if (faults.length === 0) return null;
  return (
    <div role="alert" className={styles.fault}>
      <p>{experiments.fixFirst}</p>
      <ul>
        {faults.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </div>
  );
}
