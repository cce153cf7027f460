import { useEffect } from 'react';
import { redoTakeover, undoTakeover } from '../../state/actions/take-over.ts';
import { useStores } from './stores-context.ts';

/** Fields with an undo of their own. */
const TYPED = 'textarea, input:is([type="text"], [type="number"], [type="search"], [type="url"])';

/**
 * Ctrl/⌘+Z puts back what the last takeover of the form has replaced, Ctrl/⌘+Shift+Z or Ctrl+Y does it again. In a text field the
 * browser undoes what was typed; but a text that was put there, and not changed since, has nothing of that. For the screen that shows
 * the form.
 */
export function useUndoKeys(): void {
  const stores = useStores();
  useEffect(() => {
    let typed = new WeakSet<EventTarget>();
    const onInput = ({ target }: Event) => target && typed.add(target);
    const forget = stores.takeovers.subscribe(() => {
      typed = new WeakSet();
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
      if (target instanceof Element && target.matches(TYPED) && typed.has(target)) return;
      event.preventDefault();
      void (isRedo ? redoTakeover(stores) : undoTakeover(stores));
    };
    addEventListener('input', onInput);
    addEventListener('keydown', onKey);
    return () => {
      // Elsewhere nobody sees what its button would change.
      const { canUndo, hide } = stores.notice.getState();
      if (canUndo) hide();
      forget();
      removeEventListener('input', onInput);
      removeEventListener('keydown', onKey);
    };
  }, [stores]);
}
