import { useEffect } from 'react';
import { redoTakeover, undoTakeover } from '../../state/actions/take-over.ts';
import { useStores } from './stores-context.ts';

/** Fields with an undo of their own. */
const TYPED = 'textarea, input:is([type="text"], [type="number"], [type="search"], [type="url"])';

/**
 * Ctrl/⌘+Z puts back what the last takeover of the form has replaced, Ctrl/⌘+Shift+Z or Ctrl+Y does it again. In a text field the
 * browser first undoes what was typed there since: of the text that was put there it knows nothing. For the screen that shows the
 * form.
 */
export function useUndoKeys(): void {
  const stores = useStores();
  useEffect(() => {
    // What a field held before a person's first key there since the last takeover; null where that is not known.
    let held = new WeakMap<EventTarget, string | null>();
    const beforeInput = ({ target }: Event) => {
      if (isTyped(target) && !held.has(target)) held.set(target, target.value);
    };
    const onInput = ({ target }: Event) => {
      if (target && !held.has(target)) held.set(target, null);
    };
    const forget = stores.takeovers.subscribe(() => {
      held = new WeakMap();
    });
    const onKey = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event;
      if (!(ctrlKey || metaKey) || altKey || event.isComposing || document.querySelector('dialog[open]'))
        return;
      const name = key.toLowerCase();
      const isRedo = name === 'y' || (name === 'z' && shiftKey);
      if (name !== 'z' && !isRedo) return;
      const { past, future } = stores.takeovers.getState();
      if ((isRedo ? future : past).length === 0) return;
      if (isTyped(target) && held.get(target) !== target.value) return;
      event.preventDefault();
      void (isRedo ? redoTakeover(stores) : undoTakeover(stores));
    };
    for (const kind of ['keydown', 'beforeinput']) addEventListener(kind, beforeInput, true);
    addEventListener('input', onInput);
    addEventListener('keydown', onKey);
    return () => {
      // Elsewhere nobody sees what its button would change.
      const { canUndo, hide } = stores.notice.getState();
      if (canUndo) hide();
      forget();
      for (const kind of ['keydown', 'beforeinput']) removeEventListener(kind, beforeInput, true);
      removeEventListener('input', onInput);
      removeEventListener('keydown', onKey);
    };
  }, [stores]);
}

const isTyped = (target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement =>
  target instanceof Element && target.matches(TYPED);
