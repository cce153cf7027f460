import type { Fields } from '../../../state/form/fields.ts';
import type { Offer } from '../../../state/form/offered-settings.ts';
import { useSettings } from '../../page/stores-context.ts';
import { fieldText, offerNoteText } from '../../texts/settings-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './SettingsOffer.module.css';

/** The fields that an offer would change, each with what it holds now and what it would hold. */
export function OfferChanges({ fields, offer }: { fields: readonly (keyof Fields)[]; offer: Offer }) {
  const now = useSettings((all) => all.fields);
  return (
    <ul className={styles.changes}>
      {fields.map((field) => (
        <Change key={field} {...{ field, now, next: offer.fields as Fields }} />
      ))}
    </ul>
  );
}

/** What the file or this device lacks, each thing once. */
export function OfferNotes({ offer: { notes, tool } }: { readonly offer: Offer }) {
  const texts = useTexts();
  if (notes.length === 0) return null;
  return (
    <ul className={styles.notes}>
      {[...new Set(notes.map((note) => offerNoteText(texts, note, tool)))].map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function Change({ field, now, next }: { field: keyof Fields; now: Fields; next: Fields }) {
  const texts = useTexts();
  return (
    <li>
      <span className={styles.field}>{texts.fields.labels[field]}</span>{' '}
      <del dir="auto">{fieldText(texts.fields, field, now)}</del> <span aria-hidden="true">→</span>{' '}
      <span className="unseen">{texts.settingsOffer.becomes}</span>{' '}
      <ins dir="auto">{fieldText(texts.fields, field, next)}</ins>
    </li>
  );
}
