import type { AppError } from '../../protocol/errors.ts';
import type { Gallery, NewPicture } from '../../storage/gallery.ts';
import type { PictureRow } from '../../storage/picture-row.ts';
import type { GalleryFilter } from './gallery-filter.ts';
import type { ImportResult } from './import-result.ts';

/** The pictures stored in this browser. */
export interface Pictures {
  /** Newest first; null until they have been read. */
  readonly rows: readonly PictureRow[] | null;
  /** The newest few that say how they were made, the newest first; null until they have been read. */
  readonly recent: readonly PictureRow[] | null;
  readonly filter: GalleryFilter;
  /** How many stored rows could not be read. */
  readonly unreadable: number;
  /** The ids of what was deleted, one list for each time, as long as it can be restored. */
  readonly deleted: readonly (readonly string[])[];
  /** How many pictures of an import or export are done. */
  readonly busy: { readonly done: number; readonly total: number } | null;
  /** The result of the last import. */
  readonly imported: ImportResult | null;
  readonly error: AppError | null;
  /** Why the last finished picture could not be saved. */
  readonly saveError: AppError | null;
  /** How many pictures of this visit wait to be saved. */
  readonly unsaved: number;

  /** Opens the gallery, so that it is known whether there is one. */
  open(): Promise<void>;
  /** Reads all rows; again when another tab has changed them. */
  load(): Promise<void>;
  /** Reads the newest few, and no others; again whenever something has changed. */
  loadRecent(): Promise<void>;
  setFilter(change: Partial<GalleryFilter>): void;
  save(picture: PictureToSave): Promise<void>;
  /** Resolves when everything given to `save` so far is saved, or could not be. */
  settled(): Promise<unknown>;
  /** The id of the row that a picture of this visit was saved as; null until it is. */
  savedAs(png: Blob): string | null;
  setFavourite(ids: readonly string[], isFavourite: boolean): Promise<void>;
  setTags(ids: readonly string[], change: TagChange): Promise<void>;
  /** Resolves with whether they are deleted; if not, `error` says why. */
  remove(ids: readonly string[]): Promise<boolean>;
  /** Restores what was deleted last. */
  undo(): Promise<void>;
  /** Adds pictures, and the pictures in zips. */
  importFiles(files: readonly File[]): Promise<void>;
  /** Packs pictures into zips: several where one would be too large to be read back. */
  zip(
    ids: readonly string[],
    nameOf: (row: PictureRow, type: string) => string,
    onZip: (file: Blob, part: number, parts: number) => void,
  ): Promise<void>;
  /** One file of a picture: by its row's id, or, an input, by its hash. Null where there is none. */
  file(kind: 'png' | 'thumbnail' | 'input', key: string): Promise<Blob | null>;
}

/** Tags that pictures are given, and those that are taken away. */
export interface TagChange {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** A thumbnail, with the size in pixels of the picture itself. */
export type SmallPicture = Pick<NewPicture, 'thumbnail' | 'width' | 'height'>;

export type PictureToSave = Omit<NewPicture, keyof SmallPicture>;

/** What the store needs of the browser. */
export interface GalleryBrowser {
  /** @throws AppError no-storage */
  open(): Promise<Gallery>;
  /** @throws AppError unsupported-image */
  makeThumbnail(picture: Blob): Promise<SmallPicture>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Tells the other tabs that something has changed. */
  tellOthers(): void;
  /** Calls `listen` when another tab has changed something, and when the gallery was opened, or opened again. */
  onChanged(listen: () => void): void;
}
