import { type RefObject, useEffect, useRef } from 'react';
import { useControls } from '../../page/stores-context.ts';

/** For the element of a layer: when a run was refused for that layer, it is scrolled to, and its first button or field gets the focus. */
export function useShownWhenRefused(id: string): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const isRefused = useControls(({ refused }) => refused === id);
  const refuse = useControls((controls) => controls.refuse);
  useEffect(() => {
    if (!isRefused || !element.current) return;
    element.current.scrollIntoView({ block: 'nearest' });
    const wrong = element.current.querySelector<HTMLElement>('[aria-invalid="true"]');
    (wrong ?? element.current.querySelector<HTMLElement>('input, select, button'))?.focus();
    refuse(null);
  }, [isRefused, refuse]);
  return element;
}
