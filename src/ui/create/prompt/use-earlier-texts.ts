import { type KeyboardEvent, useRef } from 'react';
import type { TextName } from '../../../protocol/settings.ts';
import { useStores } from '../../page/stores-context.ts';

/** Where a person is among the earlier texts of a field. */
interface Place {
  readonly texts: readonly string[];
  readonly at: number;
}

/**
 * ↑ in the first line of a field brings the text before, ↓ in the last line the one after. What stands in the field when that
 * begins is remembered first.
 */
export function useEarlierTexts(name: TextName) {
  const { settings, prompts } = useStores();
  const place = useRef<Place>({ texts: [], at: -1 });
  const turn = (by: 1 | -1, field: HTMLTextAreaElement) => {
    const isAt = place.current.texts[place.current.at] === field.value;
    if (!isAt && by < 0) return;
    if (!isAt) {
      prompts.getState().remember(settings.getState().fields);
      const texts = prompts.getState().texts[name];
      // What is blank is not remembered: ↓ leads back to it all the same.
      place.current = { texts: texts[0] === field.value ? texts : [field.value, ...texts], at: 0 };
    }
    const { texts, at } = place.current;
    const text = texts[at + by];
    if (text === undefined) return;
    place.current = { texts, at: at + by };
    // As if it were typed: the field's own Undo takes it back.
    field.select();
    document.execCommand(text === '' ? 'delete' : 'insertText', false, text);
    // Ready for the next press: the first line after ↑, the last after ↓.
    const caret = by > 0 ? 0 : text.length;
    field.setSelectionRange(caret, caret);
  };
  return (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, currentTarget: field, nativeEvent } = event;
    if (key !== 'ArrowUp' && key !== 'ArrowDown') return;
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey || nativeEvent.isComposing) return;
    const { selectionStart, selectionEnd, value } = field;
    // All of it is selected when the field's own Undo has taken back what was inserted.
    const isAll = selectionStart === 0 && selectionEnd === value.length;
    if (selectionStart !== selectionEnd && !isAll) return;
    const isUp = key === 'ArrowUp';
    const from = isUp ? selectionStart : selectionEnd;
    const [rest, end] = isUp ? [value.slice(0, from), 0] : [value.slice(from), value.length];
    // The browser moves the caret after this: by a line, or, in the first and the last one, to its end or not at all.
    setTimeout(() => {
      const caret = field.selectionStart;
      if (field.value !== value || rest.includes('\n')) return;
      if (caret === from || caret === end) turn(isUp ? 1 : -1, field);
    });
  };
}
