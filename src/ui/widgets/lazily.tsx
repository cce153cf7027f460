import { type ComponentType, useEffect, useState } from 'react';
import { loadTwice } from './load-twice.ts';

/**
 * A component that is loaded when it is first shown, and shown from then on at once.
 * @param Missing stands in its place where it cannot be loaded, twice; `again` asks for it once more, though a browser may
 *   remember until the page is reloaded that there was nothing
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Missing: ComponentType<Props & { readonly again: () => void }>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazily(props: Props) {
    const [Shown, setShown] = useState(() => loaded);
    const [tries, setTries] = useState(0);
    const [failures, setFailures] = useState(0);
    useEffect(() => {
      if (loaded) return;
      loadTwice(load).then(
        (component) => {
          loaded = component;
          setShown(() => component);
        },
        () => setFailures(tries + 1),
      );
    }, [tries]);
    if (Shown) return <Shown {...props} />;
    return failures > tries && <Missing {...props} again={() => setTries(failures)} />;
  };
}
