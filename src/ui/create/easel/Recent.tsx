import { type ComponentType, useEffect, useState } from 'react';

/** The last pictures of the gallery, once what shows them is loaded; without a network there may be none. */
export function Recent() {
  const [Pictures, setLoaded] = useState<ComponentType | null>(null);
  useEffect(() => {
    import('./RecentPictures.tsx').then(
      (loaded) => setLoaded(() => loaded.RecentPictures),
      () => {},
    );
  }, []);
  return Pictures && <Pictures />;
}
