import { type RefObject, useEffect } from 'react';

/** Pixels that a button may move: WebDriver, for one, scrolls by one before it presses. */
const SLACK = 4;

/** Closes an open popover once the button that it stands beside is scrolled away from under it. */
export function useClosedWhenMoved(
  isOpen: boolean,
  button: RefObject<HTMLElement | null>,
  popover: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const place = () => button.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
    if (!isOpen) return;
    const before = place();
    // The popover may scroll too, and the event of a scroll before it opened may come only now.
    const onScroll = () => {
      const { left, top } = place();
      if (Math.hypot(left - before.left, top - before.top) > SLACK) popover.current?.hidePopover();
    };
    addEventListener('scroll', onScroll, true);
    return () => removeEventListener('scroll', onScroll, true);
  }, [isOpen, button, popover]);
}
