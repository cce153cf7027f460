import { type ReactNode, useMemo, useState } from 'react';
import type { PictureSettings } from '../../../protocol/picture-settings.ts';
import type { Fields } from '../../../state/form/fields.ts';
import { changedFields, type Offer, offerOf } from '../../../state/form/offered-settings.ts';
import { useEmbeddings, useModels, useNotice, useSettings } from '../../page/stores-context.ts';
import { fieldText, offerNoteText } from '../../texts/settings-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import styles from './SettingsOffer.module.css';

interface Props {
  readonly settings: PictureSettings;
  /** Where the settings were read from. */
  readonly from: 'picture' | 'text';
  /** Whether the changes are shown at once. */
  readonly isOpen?: boolean;
  /** More buttons, until the settings are applied. */
  readonly children?: ReactNode;
  readonly onDismiss?: () => void;
}

/** What a file's settings would change in the form, field by field. One click applies them, another undoes that. */
export function SettingsOffer({ settings, from, isOpen = false, children, onDismiss }: Props) {
  const texts = useTexts();
  const words = texts.settingsOffer;
  const fields = useSettings((all) => all.fields);
  const apply = useSettings((all) => all.apply);
  const installed = useModels((models) => models.installed);
  const embeddings = useEmbeddings((all) => all.embeddings);
  const say = useNotice((notice) => notice.say);
  const [before, setBefore] = useState<Partial<Fields> | null>(null);
  const offer = useMemo(() => {
    const tokens = embeddings.map(({ token }) => token);
    return offerOf(settings, { fields, installed, tokens });
  }, [settings, fields, installed, embeddings]);
  const changes = changedFields(offer.fields, fields);
  if (changes.length === 0 && !before && offer.notes.length === 0) return null;
  const isApplied = before !== null && changes.length === 0;
  const fill = (values: Partial<Fields>) => apply({ fields: values, refused: [], run: false });
  const applyOffer = () => {
    setBefore(Object.fromEntries(changes.map((field) => [field, fields[field]])));
    fill(offer.fields);
    say({ kind: 'settings-applied', absent: null });
  };
  const undo = () => {
    if (before) fill(before);
    setBefore(null);
    say({ kind: 'settings-restored' });
  };
  const tool = offer.tool === 'unknown' ? words.unknownTool : offer.tool;
  const origin = from === 'picture' ? words.madeWith(tool) : words.pastedFrom(tool);
  const isEmpty = Object.keys(offer.fields).length === 0;
  return (
    <details className={styles.offer} open={isOpen}>
      <summary>{isEmpty ? words.nothing(origin) : words.summary(origin, changes.length)}</summary>
      <ul className={styles.changes}>
        {changes.map((field) => (
          <Change key={field} {...{ field, now: fields, next: offer.fields as Fields }} />
        ))}
      </ul>
      <Notes offer={offer} />
      <div className={styles.buttons}>
        {(isApplied || changes.length > 0) && (
          <button type="button" onClick={isApplied ? undo : applyOffer}>
            {isApplied ? words.undo : words.use}
          </button>
        )}
        {!isApplied && before && (
          <button type="button" onClick={undo}>
            {words.undo}
          </button>
        )}
        {!before && children}
        {onDismiss && (
          <button type="button" onClick={onDismiss}>
            {words.dismiss}
          </button>
        )}
      </div>
    </details>
  );
}

/** What the file or this device lacks, each thing once. */
function Notes({ offer: { notes, tool } }: { readonly offer: Offer }) {
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

/** One field: what it holds now, and what it would hold. */
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
