import { type ClipboardEventHandler, type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { TEXT_NAMES, type TextName } from '../../../protocol/settings.ts';
import { useGeneration, useSettings } from '../../page/stores-context.ts';
import { tooLongText } from '../../texts/field-note-text.ts';
import { useTexts } from '../../texts/use-texts.ts';
import { FieldLabel } from '../../widgets/FieldLabel.tsx';
import { IconButton } from '../../widgets/IconButton.tsx';
import { lazily } from '../../widgets/lazily.tsx';
import { EarlierTexts } from './EarlierTexts.tsx';
import { Ideas } from './Ideas.tsx';
import { PastedSettings, usePastedSettings } from './PastedSettings.tsx';
import styles from './PromptForm.module.css';
import { RunButtons } from './RunButtons.tsx';
import { StylesButton } from './StylesButton.tsx';
import { TokenCount, UnnamedTokens } from './TokenCount.tsx';
import { useEarlierTexts } from './use-earlier-texts.ts';
import { weigh } from './weigh.ts';

/** Its script comes when a prompt is first focused; without it there are no suggestions. */
const Completions = lazily(
  async () => (await import('./Completions.tsx')).Completions,
  () => null,
);

const WildcardNotes = lazily(
  async () => (await import('../styles/WildcardNotes.tsx')).WildcardNotes,
  () => null,
);
const ChosenFrom = lazily(
  async () => (await import('../styles/ChosenFrom.tsx')).ChosenFrom,
  () => null,
);
const ChosenStyles = lazily(
  async () => (await import('../styles/ChosenStyles.tsx')).ChosenStyles,
  () => null,
);
/** What may be a wildcard, or alternatives. */
const MAY_CHOOSE = /__|\{.*[|$]/s;

/** Both prompts, and the buttons Generate and Stop. */
export function PromptForm() {
  const noteId = useId();
  const { create: texts } = useTexts();
  const isEmpty = useSettings(({ fields }) => fields.prompt.trim() === '');
  const hasStyles = useSettings((form) => form.styles.length > 0);
  const { onPaste, pasted, dismiss } = usePastedSettings();
  return (
    <section className={styles.prompt} aria-label={texts.label}>
      <TextField field="prompt" rows={2} {...{ noteId, onPaste }}>
        {hasStyles && <ChosenStyles />}
        <div className={styles.below}>
          <Ideas />
          <p id={noteId} className={styles.note}>
            {isEmpty && texts.mayBeEmpty}
          </p>
        </div>
        <ShownTemplate />
        <UnnamedTokens />
        <PastedSettings {...{ pasted, dismiss }} />
      </TextField>
      <TextField field="negativePrompt" rows={1} folds />
      <RunButtons />
    </section>
  );
}

/** Where the form has the texts of the picture that is shown: what they were chosen from. */
function ShownTemplate() {
  const prompt = useSettings(({ fields }) => fields.prompt);
  const template = useGeneration(({ run }) => {
    const texts = run && (run.pictures[0]?.texts ?? run.request);
    return texts?.prompt === prompt ? texts.template : null;
  });
  return template && template.prompt !== prompt && <ChosenFrom template={template} />;
}

interface TextFieldProps {
  readonly field: TextName;
  readonly rows: number;
  /** The element with a note about the text. */
  readonly noteId?: string;
  readonly onPaste?: ClipboardEventHandler;
  /** While it is empty, it is folded on a phone until it is reached. */
  readonly folds?: boolean;
  /** What is under the text. */
  readonly children?: ReactNode;
}

/** A labelled text with the number of its tokens, and what is wrong with it underneath. */
function TextField({ field, rows, noteId = '', onPaste, folds = false, children }: TextFieldProps) {
  const id = useId();
  const { fields: words, create, errors } = useTexts();
  const [isUnfolded, setUnfolded] = useState(false);
  const text = useSettings(({ fields }) => fields[field]);
  const set = useSettings((settings) => settings.set);
  const recall = useEarlierTexts(field);
  const fault = tooLongText(errors, field, text);
  const [area, setArea] = useState<HTMLTextAreaElement | null>(null);
  return (
    <div className={folds && !isUnfolded && text === '' ? styles.folded : styles.field}>
      <div className={styles.heading}>
        <FieldLabel htmlFor={id} label={words.labels[field]} help={field} />
        <TokenCount index={TEXT_NAMES.indexOf(field)} />
        <EarlierTexts name={field} />
        {field === 'prompt' && <StylesButton />}
        {folds && text === '' && (
          <span className={styles.fold}>
            <IconButton
              icon={isUnfolded ? 'up' : 'down'}
              label={create.unfold(words.labels[field])}
              aria-expanded={isUnfolded}
              aria-controls={id}
              onClick={() => setUnfolded(!isUnfolded)}
            />
          </span>
        )}
      </div>
      <div className={styles.text}>
        <textarea
          id={id}
          dir="auto"
          {...{ rows, onPaste }}
          value={text}
          aria-invalid={fault !== null}
          aria-describedby={`${id}-fault ${noteId}`}
          onFocus={(event) => {
            setArea(event.currentTarget);
            setUnfolded(true);
          }}
          onChange={(event) => set(field, event.target.value)}
          onKeyDown={(event) => {
            // It was for the list of suggestions.
            if (event.defaultPrevented) return;
            weighByKey(event);
            recall(event);
          }}
        />
        {area && <Completions area={area} name={field} />}
      </div>
      <p id={`${id}-fault`} className={styles.fault} aria-live="polite">
        {fault}
      </p>
      {MAY_CHOOSE.test(text) && <WildcardNotes name={field} />}
      {children}
    </div>
  );
}

/** Ctrl or ⌘ alone with ↑ or ↓ weighs what is selected. */
function weighByKey(event: KeyboardEvent<HTMLTextAreaElement>): void {
  const direction = { ArrowUp: 1, ArrowDown: -1 } as const;
  const { key, ctrlKey, metaKey, shiftKey, altKey, nativeEvent, currentTarget: field } = event;
  if (shiftKey || altKey || nativeEvent.isComposing) return;
  if (!(ctrlKey || metaKey) || (key !== 'ArrowUp' && key !== 'ArrowDown')) return;
  event.preventDefault();
  const { value: text, selectionStart: start, selectionEnd: end } = field;
  const change = weigh({ text, start, end }, direction[key]);
  if (!change) return;
  field.setSelectionRange(change.from, change.to);
  // As if it were typed: the field's own Undo takes it back.
  document.execCommand('insertText', false, change.by);
  field.setSelectionRange(change.selected.start, change.selected.end);
}
