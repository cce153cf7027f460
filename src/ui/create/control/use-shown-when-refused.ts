import { type RefObject, useEffect, useRef } from 'react';

/**
 * For the element of what a run was refused for, while that is not shown: it is scrolled to, and its first button or field gets the
 * focus.
 */
export function useShownWhenRefused(
  isRefused: boolean,
  refuse: (id: null) => void,
): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isRefused || !element.current) return;
    element.current.scrollIntoView({ block: 'nearest' });
    const wrong = element.current.querySelector<HTMLElement>('[aria-invalid="true"]');
    (wrong ?? element.current.querySelector<HTMLElement>('input, select, button'))?.focus();
    refuse(null);
  }, [isRefused, refuse]);
  return element;
}
