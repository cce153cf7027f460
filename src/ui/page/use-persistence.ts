import { useEffect, useState } from 'react';

/** Whether the browser has promised to delete none of this site's files without asking. */
export type Persistence = 'unknown' | 'promised' | 'not-asked' | 'refused';

/** The browser's promise, and a function that asks for it; it is to be called after a click only. */
export function usePersistence(): [Persistence, () => void] {
  const [state, setState] = useState<Persistence>('unknown');
  useEffect(() => {
    void promise('persisted').then((is) => is !== null && setState(is ? 'promised' : 'not-asked'));
  }, []);
  const ask = () => void promise('persist').then((is) => setState(is ? 'promised' : 'refused'));
  return [state, ask];
}

/** What the browser answers; null where it forbids the page to store anything. */
async function promise(name: 'persisted' | 'persist'): Promise<boolean | null> {
  try {
    return await navigator.storage[name]();
  } catch {
    return null;
  }
}
