import { useEffect } from 'react';

/** No text field among them: on a phone the keyboard would come up. */
const HEIRS =
  ':is(button, summary, select, [tabindex="0"], input:is([type="file"], [type="checkbox"], [type="range"]))';

/**
 * Where what had the focus is taken away (the button that removes something, a row that is deleted), the focus goes to
 * the first control of the nearest part of the page that is left, instead of to nowhere. Whoever knows a better place
 * puts it there at once, and is left alone.
 */
export function useRestoreFocus(): void {
  useEffect(() => {
    /** What has the focus, and all it lies in, from the inside out. */
    let path: readonly Element[] = [];
    const note = ({ target }: FocusEvent) => {
      path = [];
      for (let at = target as Element | null; at; at = at.parentElement) path = [...path, at];
    };
    const keep = () => {
      const isLost = document.activeElement === document.body && path[0]?.isConnected === false;
      if (!isLost) return;
      for (const part of path.filter(({ isConnected }) => isConnected)) {
        const heirs = [...part.querySelectorAll<HTMLElement>(HEIRS)];
        const heir = heirs.find((element) => element.checkVisibility({ visibilityProperty: true }));
        if (!heir) continue;
        heir.focus({ preventScroll: true });
        return;
      }
    };
    // A frame later: what the page itself does with the focus is done by then.
    const watcher = new MutationObserver(() => requestAnimationFrame(keep));
    watcher.observe(document.body, { childList: true, subtree: true });
    document.addEventListener('focusin', note);
    return () => {
      watcher.disconnect();
      document.removeEventListener('focusin', note);
    };
  }, []);
}
