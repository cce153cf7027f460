import { useEffect, useState } from 'react';
import { useGallery } from '../page/stores-context.ts';

/** A picture's file as it is shown. */
interface ShownFile {
  /** Null until it has been read. */
  readonly url: string | null;
  /** Whether it cannot be read any more. */
  readonly isLost: boolean;
  /** For the image that shows it. */
  readonly onError: () => void;
}

/** An object URL of a picture of the gallery, revoked when it is not shown any more. */
export function usePicture(id: string): ShownFile {
  const file = useGallery((gallery) => gallery.file);
  const [url, setUrl] = useState<string | null>(null);
  const [isLost, setLost] = useState(false);
  useEffect(() => {
    let made: string | null = null;
    let isGone = false;
    setLost(false);
    void file('png', id).then((blob) => {
      if (isGone) return;
      if (!blob) return setLost(true);
      made = URL.createObjectURL(blob);
      setUrl(made);
    });
    return () => {
      isGone = true;
      if (made) URL.revokeObjectURL(made);
      setUrl(null);
    };
  }, [id, file]);
  return { url, isLost, onError: () => setLost(true) };
}
