import type { StoreApi } from 'zustand/vanilla';
import { fromWire, toWire } from '../../protocol/errors.ts';
import type { Gallery } from '../../storage/gallery.ts';
import { byAge, type PictureRow } from '../../storage/picture-row.ts';
import type { GalleryBrowser, Pictures, PictureToSave } from './pictures.ts';

export type OpenGallery = () => Promise<Gallery>;

/** What the actions work on. */
export interface Access {
  readonly store: StoreApi<Pictures>;
  readonly browser: GalleryBrowser;
  readonly gallery: OpenGallery;
  /** When no rows are being read: a list that is under way may not have what has just been added. */
  loaded(): Promise<unknown>;
  /** Tells everybody that something has changed. */
  tell(): void;
  /** The ids of the rows that pictures were saved as. */
  readonly saved: WeakMap<Blob, string>;
}

/** Opens the gallery at the first call; after a refusal the next call tries again. */
export function openOnce(browser: GalleryBrowser): OpenGallery {
  let opened: Promise<Gallery> | undefined;
  return () => {
    opened ??= browser.open().catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
}

/** Runs `job` and shows its error, if any. Null after an error. */
export async function attempt<T>(
  { setState }: Pick<StoreApi<Pictures>, 'setState'>,
  job: () => Promise<T>,
): Promise<T | null> {
  try {
    const result = await job();
    setState({ error: null });
    return result;
  } catch (error) {
    setState({ error: fromWire(toWire(error)) });
    return null;
  }
}

/** Stores a picture and shows it; null when this very file is there already. */
export async function addPicture(
  { store, browser, gallery, loaded, saved }: Access,
  picture: PictureToSave,
): Promise<PictureRow | null> {
  const small = await browser.makeThumbnail(picture.png);
  const row = await (await gallery()).add({ ...picture, ...small });
  if (row) saved.set(picture.png, row.id);
  await loaded();
  const { rows } = store.getState();
  if (row && rows) store.setState({ rows: [...rows.filter(({ id }) => id !== row.id), row].sort(byAge) });
  return row;
}
