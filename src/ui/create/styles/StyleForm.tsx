import { useEffect, useId, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { putStyle, styledSettings } from '../../../state/actions/choose-style.ts';
import type { Style } from '../../../storage/stored-files.ts';
import { useLanguage, useStores } from '../../page/stores-context.ts';
import { STYLES_TEXTS } from '../../texts/styles-texts.ts';
import styles from './Styles.module.css';

/** What is written of a style, and not kept yet. */
export interface StyleDraft {
  /** The style that is edited; null for a new one from the form. */
  readonly style: Style | null;
  readonly texts: Pick<Style, 'name' | 'prompt' | 'negativePrompt'>;
  readonly keepsSettings: boolean;
}

interface Props {
  readonly draft: StyleDraft;
  readonly onChange: (draft: StyleDraft) => void;
  readonly onDone: () => void;
}

/** A style's name and texts, and whether it keeps the form's settings. */
export function StyleForm({ draft: { style, texts: draft, keepsSettings: keeps }, onChange, onDone }: Props) {
  const stores = useStores();
  const texts = STYLES_TEXTS[useLanguage(({ language }) => language)];
  const all = useStore(stores.styles, (list) => list.items);
  const [isAsked, setAsked] = useState(false);
  const name = draft.name.trim();
  const isTaken = name !== style?.name && all.some((one) => one.name === name);
  const save = () => {
    setAsked(true);
    if (name === '') return;
    const { fields } = stores.settings.getState();
    const settings = keeps ? (style?.settings ?? styledSettings(fields)) : null;
    putStyle(stores, { ...draft, name, settings }, style?.name);
    onDone();
  };
  const change = (part: Partial<typeof draft>) =>
    onChange({ style, texts: { ...draft, ...part }, keepsSettings: keeps });
  return (
    <div className={styles.form}>
      <Line
        label={texts.name}
        value={draft.name}
        rows={1}
        onChange={(text) => change({ name: text })}
        onEnter={save}
      />
      <Line
        label={texts.prompt}
        value={draft.prompt}
        rows={2}
        onChange={(text) => change({ prompt: text })}
      />
      <Line
        label={texts.negativePrompt}
        value={draft.negativePrompt}
        rows={2}
        onChange={(text) => change({ negativePrompt: text })}
      />
      <label className={styles.check}>
        <input
          type="checkbox"
          checked={keeps}
          onChange={(event) => onChange({ style, texts: draft, keepsSettings: event.target.checked })}
        />
        {style?.settings === null ? texts.settingsAsNow : texts.settings}
      </label>
      <p className={styles.fault} aria-live="polite">
        {isTaken ? texts.replaces(name) : isAsked && name === '' ? texts.nameMissing : ''}
      </p>
      <div className={styles.buttons}>
        <button type="button" onClick={save}>
          {texts.save}
        </button>
        <button type="button" onClick={onDone}>
          {texts.cancel}
        </button>
      </div>
    </div>
  );
}

interface LineProps {
  readonly label: string;
  readonly value: string;
  readonly rows: number;
  readonly onChange: (text: string) => void;
  readonly onEnter?: () => void;
}

function Line({ label, value, rows, onChange, onEnter }: LineProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // The form was asked for: what is typed is for its name.
  useEffect(() => input.current?.focus(), []);
  const props = { id, value, dir: 'auto', maxLength: rows === 1 ? 200 : 10_000 } as const;
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {rows === 1 ? (
        <input
          ref={input}
          type="text"
          {...props}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            // It stands in the page's form, which Enter would submit.
            event.preventDefault();
            onEnter?.();
          }}
        />
      ) : (
        <textarea rows={rows} {...props} onChange={(event) => onChange(event.target.value)} />
      )}
    </div>
  );
}
