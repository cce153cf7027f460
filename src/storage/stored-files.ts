import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { InitImageFile } from '../protocol/init-image.ts';
import type { Border, Rect } from '../protocol/placement.ts';
import { ownName } from '../protocol/root.ts';

/** One stroke of the brush. Positions are fractions of the picture's width and height, 0 … 1 within it. */
export interface Stroke {
  /** x, y, x, y, … */
  readonly points: readonly number[];
  /** As a fraction of the picture's width. */
  readonly radius: number;
  /** The part of the radius that fades out, 0 … 1. */
  readonly softness: number;
  /** Whether it removes what other strokes have marked. */
  readonly erases: boolean;
}

/** A mask as a picture, and the part of the initial image that it covers, as fractions of that one's width and height. */
export interface PictureMask {
  readonly file: Blob;
  readonly at: Rect;
}

/** What is to be inpainted: what the strokes have marked, or, inverted, everything else. It moves with the initial image. */
export interface Mask {
  /** A mask as a picture, below all strokes: white is marked. */
  readonly picture?: PictureMask;
  readonly strokes: readonly Stroke[];
  readonly isInverted: boolean;
}

/** The initial image as it is stored. */
export interface StoredInitImage {
  readonly file: Blob;
  readonly mask: Mask | null;
  readonly offset: InitImageFile['offset'];
  readonly border: Border;
}

/** Stores the initial image beyond the life of the page. Any call may fail: then it lasts as long as the page. */
export interface InitImageStorage {
  load(): Promise<StoredInitImage | null>;
  save(image: StoredInitImage | null): Promise<void>;
}

/** Stores embeddings beyond the life of the page. Any call may fail: then they last as long as the page. */
export interface EmbeddingStorage {
  load(): Promise<readonly EmbeddingFile[]>;
  save(embeddings: readonly EmbeddingFile[]): Promise<void>;
}

/** What localStorage cannot hold, each value under its own key. */
interface Schema extends DBSchema {
  files: { key: 'embeddings' | 'init-image'; value: readonly EmbeddingFile[] | StoredInitImage | null };
}

/** Opens the database of the form’s files, or makes it. `terminated` is called when the browser closes it. */
export function openFilesDatabase(terminated?: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(ownName('files'), 1, {
    upgrade: (db) => void db.createObjectStore('files'),
    ...(terminated && { terminated }),
  });
}

/** The embeddings and the initial image in IndexedDB, which is opened when it is first needed. */
export function openFileStorage(): {
  readonly embeddings: EmbeddingStorage;
  readonly initImage: InitImageStorage;
} {
  let opened: Promise<IDBPDatabase<Schema>> | undefined;
  const open = () => {
    opened ??= openFilesDatabase(() => {
      opened = undefined;
    });
    return opened;
  };
  const load = async (key: Schema['files']['key']) => (await open()).get('files', key);
  const save = async (key: Schema['files']['key'], value: Schema['files']['value']) => {
    await (await open()).put('files', value, key);
  };
  return {
    embeddings: {
      load: async () => ((await load('embeddings')) as readonly EmbeddingFile[] | undefined) ?? [],
      save: (embeddings) => save('embeddings', embeddings),
    },
    initImage: {
      load: async () => ((await load('init-image')) as StoredInitImage | null | undefined) ?? null,
      save: (image) => save('init-image', image),
    },
  };
}
