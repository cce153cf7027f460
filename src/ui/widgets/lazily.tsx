import { type ComponentType, useEffect, useState } from 'react';
import { useTexts } from '../texts/use-texts.ts';

/**
 * A component that is loaded when it is first shown, and shown from then on at once. One that cannot be loaded is asked for again
 * when it is next shown.
 */
export function lazily<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function Lazily(props: Props) {
    const texts = useTexts().app;
    const [Shown, setShown] = useState(() => loaded);
    const [isMissing, setMissing] = useState(false);
    useEffect(() => {
      if (loaded) return;
      load().then(
        (component) => {
          loaded = component;
          setShown(() => component);
        },
        () => setMissing(true),
      );
    }, []);
    if (Shown) return <Shown {...props} />;
    return isMissing ? <p role="alert">{texts.notLoaded}</p> : null;
  };
}
