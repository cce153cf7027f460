import { type RefObject, useEffect, useRef } from 'react';

/**
 * For the element of what a run was refused for, while that is not shown: it is scrolled to, and its field that is wrong gets the
 * focus, or the switch that it begins with: not the button before it, which removes it.
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
    (wrong ?? element.current.querySelector<HTMLElement>('input, select'))?.focus();
    refuse(null);
  }, [isRefused, refuse]);
  return element;
}
