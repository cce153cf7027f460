import { useEffect } from 'react';

/** Closes a dialog whose pictures are gone: another tab may delete them, or a filter take them away. */
export function useCloseWhenGone(isGone: boolean, close: () => void): void {
  useEffect(() => {
    if (isGone) close();
  }, [isGone, close]);
}
