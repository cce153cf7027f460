import { useRef } from 'react';
import { useStore } from 'zustand';
import { toggleStyle, undoStyles } from '../../../state/actions/choose-style.ts';
import type { Style } from '../../../storage/stored-files.ts';
import { saveFile } from '../../page/save-file.ts';
import { useLanguage, useSettings, useStores } from '../../page/stores-context.ts';
import { STYLES_TEXTS } from '../../texts/styles-texts.ts';
import { FileButton } from '../../widgets/FileButton.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import { type StyleDraft, StyleForm } from './StyleForm.tsx';
import styles from './Styles.module.css';

interface Props {
  /** What is written of a style: it outlives the dialog. */
  readonly draft: StyleDraft | null;
  readonly onDraft: (draft: StyleDraft | null) => void;
}

/** The styles on this device: they are chosen, made from the form, edited, deleted, imported and exported. */
export function StyleList({ draft, onDraft }: Props) {
  const stores = useStores();
  const texts = STYLES_TEXTS[useLanguage(({ language }) => language)];
  const items = useStore(stores.styles, (list) => list.items);
  /** Where the focus comes from, and goes back to. */
  const opener = useRef<Element | null>(null);
  /** For a draft that was there when the dialog was opened. */
  const make = useRef<HTMLButtonElement>(null);
  const edit = (style: Style | null) => {
    opener.current = document.activeElement;
    if (draft && draft.style === style) return;
    const { prompt, negativePrompt } = style ?? stores.settings.getState().fields;
    const keepsSettings = style !== null && style.settings !== null;
    onDraft({ style, texts: { name: style?.name ?? '', prompt, negativePrompt }, keepsSettings });
  };
  const leave = () => {
    onDraft(null);
    ((opener.current as HTMLElement | null) ?? make.current)?.focus();
  };
  const save = async () => {
    const { stylesCsv } = await import('../../../state/form/styles-csv.ts');
    saveFile(new Blob([stylesCsv(items)], { type: 'text/csv' }), 'styles.csv');
  };
  return (
    <section className={styles.section} aria-labelledby="styles-list">
      <h3 id="styles-list">{texts.heading}</h3>
      <p>{items.length === 0 ? texts.none : texts.about}</p>
      <ul>
        {items.map((style) => (
          <Entry key={style.name} style={style} onEdit={() => edit(style)} />
        ))}
      </ul>
      <Outcome />
      {draft && <StyleForm key={draft.style?.name ?? ''} {...{ draft }} onChange={onDraft} onDone={leave} />}
      <div className={styles.buttons}>
        <button ref={make} type="button" onClick={() => edit(null)}>
          {texts.make}
        </button>
        <FileButton
          accept=".csv,text/csv"
          multiple
          onFiles={(files) => void stores.styles.getState().add(files)}
        >
          {texts.importCsv}
        </FileButton>
        {items.length > 0 && (
          <button type="button" onClick={() => void save()}>
            {texts.exportCsv}
          </button>
        )}
      </div>
    </section>
  );
}

function Entry({ style, onEdit }: { readonly style: Style; readonly onEdit: () => void }) {
  const stores = useStores();
  const texts = STYLES_TEXTS[useLanguage(({ language }) => language)];
  const { name, prompt, negativePrompt, settings } = style;
  const isChosen = useSettings((form) => form.styles.includes(name));
  return (
    <li>
      <button
        type="button"
        className={styles.entry}
        aria-pressed={isChosen}
        onClick={() => void toggleStyle(stores, style)}
      >
        <b dir="auto">{name}</b> {settings && <span>{texts.withSettings}</span>}
        <small dir="auto">{[prompt, negativePrompt].filter(Boolean).join(' · ').slice(0, 200)}</small>
      </button>
      <IconButton icon="edit" label={texts.edit(name)} onClick={onEdit} />
      <IconButton
        icon="trash"
        label={texts.remove(name)}
        onClick={() => stores.styles.getState().remove(name)}
      />
    </li>
  );
}

/** What the last change has replaced or deleted, which can be undone, and what of files gave no style. */
function Outcome() {
  const stores = useStores();
  const { styles: list } = stores;
  const texts = STYLES_TEXTS[useLanguage(({ language }) => language)];
  const before = useStore(list, (all) => all.before);
  const faults = useStore(list, (all) => all.faults);
  return (
    <div aria-live="polite">
      {before && (
        <p className={styles.undo}>
          {texts.changed(before.names)}{' '}
          <button type="button" onClick={() => undoStyles(stores)}>
            {texts.undo}
          </button>
        </p>
      )}
      {faults.map((fault) => (
        <p key={fault.name + fault.kind} className={styles.fault}>
          {texts.fault(fault)}
        </p>
      ))}
    </div>
  );
}
