import { useEffect, useState } from 'react';
import { useGallery } from '../page/stores-context.ts';

/** Milliseconds that a picture must stay rendered before it is read: fast scrolling reads nothing. */
const DWELL_MS = 60;

/** An object URL of a thumbnail, revoked when it is not shown any more; null until it has been read. */
export function useThumbnail(id: string): string | null {
  const file = useGallery((gallery) => gallery.file);
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let isGone = false;
    const dwell = setTimeout(async () => {
      const blob = await file('thumbnail', id);
      if (isGone || !blob) return;
      made = URL.createObjectURL(blob);
      setUrl(made);
    }, DWELL_MS);
    return () => {
      isGone = true;
      clearTimeout(dwell);
      if (made) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [id, file]);
  return url;
}
