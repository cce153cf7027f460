import { type ComponentType, useEffect, useState } from 'react';

/**
 * A component that is loaded when it is first shown, and shown from then on at once.
 * @param Missing stands in its place where it cannot be loaded; it is asked for again when it is next shown
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  Missing: ComponentType<Props>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazily(props: Props) {
    const [Shown, setShown] = useState(() => loaded);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setShown(() => component);
        },
        () => setShown(() => Missing),
      );
    }, []);
    return Shown && <Shown {...props} />;
  };
}
