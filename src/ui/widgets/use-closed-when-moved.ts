import { type RefObject, useEffect } from 'react';

/** Closes an open popover once the button that it stands beside is scrolled away from under it. */
export function useClosedWhenMoved(
  isOpen: boolean,
  button: RefObject<HTMLElement | null>,
  popover: RefObject<HTMLElement | null>,
): void {
  useEffect(() => {
    const place = () => {
      const { left, top } = button.current?.getBoundingClientRect() ?? { left: 0, top: 0 };
      return `${left} ${top}`;
    };
    if (!isOpen) return;
    const before = place();
    // The popover may scroll too, and the event of a scroll before it opened may come only now.
    const onScroll = () => {
      if (place() !== before) popover.current?.hidePopover();
    };
    addEventListener('scroll', onScroll, true);
    return () => removeEventListener('scroll', onScroll, true);
  }, [isOpen, button, popover]);
}
