import Combobox from '@github/combobox-nav';
import { useEffect, useRef, useState } from 'react';
import caretCoordinates from 'textarea-caret';
import type { TextName } from '../../../protocol/settings.ts';
import { useLanguage } from '../../page/stores-context.ts';
import { COMPLETION_TEXTS } from '../../texts/completion-texts.ts';
import styles from './Completions.module.css';
import { type Completion, complete } from './completions.ts';
import { useSuggestions } from './use-suggestions.ts';

interface Props {
  readonly area: HTMLTextAreaElement;
  readonly name: TextName;
}

/** What may be meant by the word that is being typed, in a list under it: arrow keys, Enter or Tab take one, Esc closes it. */
export function Completions({ area, name }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const { open, close } = useCompletion(area, name);
  const texts = COMPLETION_TEXTS[useLanguage(({ language }) => language)];

  useEffect(() => {
    const element = list.current;
    if (!open || !element) return;
    const take = ({ target }: Event) => {
      const at = [...element.children].indexOf(target as Element);
      const taken = open.found[at];
      if (!taken) return;
      close();
      area.setSelectionRange(open.from, open.to);
      // As if it were typed: the field's own Undo takes it back.
      document.execCommand('insertText', false, taken.text);
    };
    const combobox = new Combobox(area, element, { firstOptionSelectionMode: 'selected' });
    element.addEventListener('combobox-commit', take);
    combobox.start();
    // A text of several lines can be no combobox (ARIA in HTML); as a text it may have a list all the same.
    for (const attribute of ['role', 'aria-expanded']) area.removeAttribute(attribute);
    return () => {
      element.removeEventListener('combobox-commit', take);
      combobox.destroy();
    };
  }, [area, open, close]);

  if (!open) return null;
  return (
    <div
      ref={list}
      id={`${area.id}-suggestions`}
      role="listbox"
      aria-label={texts.label}
      className={styles.list}
      style={positionIn(area, open)}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
    >
      {open.found.map((one, i) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field, which names the chosen one.
        <div key={one.text} id={`${area.id}-suggestion-${i}`} role="option">
          <span lang={one.kind === 'thing' ? 'en' : undefined}>{one.name}</span>
          <small>{texts.about(one)}</small>
        </div>
      ))}
    </div>
  );
}

/** What is suggested now: found anew with each key that types, gone when the cursor or the focus goes elsewhere. */
function useCompletion(area: HTMLTextAreaElement, name: TextName) {
  const { all, whole } = useSuggestions(name);
  const [{ open, close }, setState] = useState(() => {
    const close = () => setState((now) => (now.open ? { ...now, open: null } : now));
    return { open: null as Completion | null, close };
  });
  useEffect(() => {
    const look = (event: Event) => {
      const { inputType, isComposing } = event as InputEvent;
      const isTyped = inputType === 'insertText' || inputType === 'deleteContentBackward';
      const cursor = area.selectionStart;
      const found = isTyped && !isComposing && complete(area.value, cursor, all, whole);
      setState((now) => ({ ...now, open: found || null }));
    };
    area.addEventListener('input', look);
    return () => area.removeEventListener('input', look);
  }, [area, all, whole]);
  useEffect(() => {
    if (!open) return;
    const cursor = area.selectionStart;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      // It is for the list alone: elsewhere Esc stops what is being painted.
      event.stopPropagation();
      event.preventDefault();
      close();
    };
    const onMove = () => area.selectionStart !== cursor && close();
    area.addEventListener('keydown', onKey);
    area.addEventListener('blur', close);
    document.addEventListener('selectionchange', onMove);
    return () => {
      area.removeEventListener('keydown', onKey);
      area.removeEventListener('blur', close);
      document.removeEventListener('selectionchange', onMove);
    };
  }, [area, open, close]);
  return { open, close };
}

/** Under the words that are completed, within the field's width. */
function positionIn(area: HTMLTextAreaElement, { from }: Completion) {
  const { left, top, height } = caretCoordinates(area, from);
  const bottom = Math.min(top - area.scrollTop + height, area.clientHeight);
  return { top: `${bottom + 4}px`, left: `max(0px, min(${left}px, 100% - var(--width)))` };
}
