import { useCallback, useEffect, useRef } from 'react';

/** Where a notice is shown: in the header's place, or at the other end of the window. */
export type NoticePlace = 'top' | 'bottom';

/** Gives where a notice covers nothing that is in use: not at the end of the window where the last press or key was. */
export function useNoticePlace(): () => NoticePlace {
  const usedAt = useRef(0);
  useEffect(() => {
    const onPress = ({ clientY }: PointerEvent) => {
      usedAt.current = clientY;
    };
    const onFocus = ({ target }: FocusEvent) => {
      const { top, bottom } = (target as Element).getBoundingClientRect();
      usedAt.current = (top + bottom) / 2;
    };
    addEventListener('pointerdown', onPress, true);
    addEventListener('focusin', onFocus, true);
    return () => {
      removeEventListener('pointerdown', onPress, true);
      removeEventListener('focusin', onFocus, true);
    };
  }, []);
  return useCallback(() => {
    // The header of a wide window, in sight, has room between the screens' names and the choices.
    const hasHeader = matchMedia('(min-width: 75rem)').matches && scrollY === 0;
    return hasHeader || usedAt.current > innerHeight / 2 ? 'top' : 'bottom';
  }, []);
}
