import { useEffect, useState } from 'react';

/** What the browser has promised of the files kept here: that none goes without being asked, or nothing. */
export type Persistence = 'unknown' | 'promised' | 'not-asked' | 'refused';

/** Where that stands, and what asks for it: `navigator.storage.persist`, only ever after a press. */
export function usePersistence(): [Persistence, () => void] {
  const [state, setState] = useState<Persistence>('unknown');
  useEffect(() => {
    void navigator.storage?.persisted?.().then((is) => setState(is ? 'promised' : 'not-asked'));
  }, []);
  const ask = () =>
    void navigator.storage.persist().then((granted) => setState(granted ? 'promised' : 'refused'));
  return [state, ask];
}
