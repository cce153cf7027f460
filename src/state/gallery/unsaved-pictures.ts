import { AppError } from '../../protocol/errors.ts';

/** As many as one run makes. */
const MOST = 100;

/** Pictures that could not be stored, the oldest first; tried again when the gallery can be used. */
export interface UnsavedPictures<Picture> {
  /** Keeps a picture, if another try may store it. */
  keep(picture: Picture, error: unknown): void;
  /** Tries all of them again, once each, until the storage fails. */
  retry(): Promise<void>;
}

/**
 * @param add stores a picture
 * @param onChange hears how many there are
 */
export function createUnsavedPictures<Picture>(
  add: (picture: Picture) => Promise<unknown>,
  onChange: (count: number) => void,
): UnsavedPictures<Picture> {
  let pictures: readonly Picture[] = [];
  let isTrying = false;
  const set = (next: readonly Picture[]) => {
    pictures = next.slice(-MOST);
    onChange(pictures.length);
  };
  return {
    keep(picture, error) {
      if (isAboutStorage(error)) set([...pictures, picture]);
    },
    async retry() {
      if (isTrying) return;
      isTrying = true;
      for (const next of pictures)
        try {
          await add(next);
          set(pictures.filter((other) => other !== next));
        } catch (error) {
          // They wait for the next time; why is said already.
          if (isAboutStorage(error)) break;
        }
      isTrying = false;
    },
  };
}

const isAboutStorage = (error: unknown) =>
  error instanceof AppError && (error.code === 'no-storage' || error.code === 'storage-full');
