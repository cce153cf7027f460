import { useEffect, useState } from 'react';

/** Whether the browser has promised to delete none of this site's files without asking. */
export type Persistence = 'unknown' | 'promised' | 'not-asked' | 'refused';

/** The browser's promise, and a function that asks for it; it is to be called after a click only. */
export function usePersistence(): [Persistence, () => void] {
  const [state, setState] = useState<Persistence>('unknown');
  useEffect(() => {
    void navigator.storage?.persisted?.().then((is) => setState(is ? 'promised' : 'not-asked'));
  }, []);
  const ask = () =>
    void navigator.storage.persist().then((granted) => setState(granted ? 'promised' : 'refused'));
  return [state, ask];
}
