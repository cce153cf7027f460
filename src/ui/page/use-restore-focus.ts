import { useEffect } from 'react';

/** What can take the focus. No text field: on a phone the keyboard would open. */
const FOCUSABLE =
  ':is(button, summary, select, [tabindex="0"], input:is([type="file"], [type="checkbox"], [type="range"]))';

/**
 * When the element that has the focus is removed (a button that disappears, a row that is deleted), the focus goes to the
 * first control of the nearest ancestor that is left. A component that knows a better place puts the focus there at once.
 */
export function useRestoreFocus(): void {
  useEffect(() => {
    /** The element that has the focus and its ancestors, from the inside out. */
    let path: readonly Element[] = [];
    const note = ({ target }: FocusEvent) => {
      path = [];
      for (let at = target as Element | null; at; at = at.parentElement) path = [...path, at];
    };
    const restore = () => {
      const isLost = document.activeElement === document.body && path[0]?.isConnected === false;
      if (!isLost) return;
      for (const part of path.filter(({ isConnected }) => isConnected)) {
        const controls = [...part.querySelectorAll<HTMLElement>(FOCUSABLE)];
        const control = controls.find((element) => element.checkVisibility({ visibilityProperty: true }));
        if (!control) continue;
        control.focus({ preventScroll: true });
        return;
      }
    };
    // A frame later, when components have put the focus where they want it.
    const watcher = new MutationObserver(() => requestAnimationFrame(restore));
    watcher.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', note);
    return () => {
      watcher.disconnect();
      document.removeEventListener('focusin', note);
    };
  }, []);
}
