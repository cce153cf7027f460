import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { EmbeddingFile } from '../protocol/generation.ts';
import type { InitImageFile } from '../protocol/init-image.ts';
import type { Border, Rect } from '../protocol/placement.ts';

/** One pull of the brush; places as parts of the picture's width and height, 0 … 1 within it. */
export interface Stroke {
  /** x, y, x, y, … */
  readonly points: readonly number[];
  /** Of the picture's width. */
  readonly radius: number;
  /** How much of the radius fades out, 0 … 1. */
  readonly softness: number;
  /** Takes away what other strokes have marked. */
  readonly erases: boolean;
}

/** A mask as a picture, and what of the picture to begin with it covers, as parts of that one's width and height. */
export interface PictureMask {
  readonly file: Blob;
  readonly at: Rect;
}

/** What is to be painted anew: what the strokes have marked, or, inverted, all but that. It moves with its picture. */
export interface Mask {
  /** A mask that came as a picture, under all strokes: white is marked. */
  readonly picture?: PictureMask;
  readonly strokes: readonly Stroke[];
  readonly isInverted: boolean;
}

/** What is kept of the picture to begin with. */
export interface StoredInitImage {
  readonly file: Blob;
  readonly mask: Mask | null;
  readonly offset: InitImageFile['offset'];
  readonly border: Border;
}

/** Where the picture outlives the page. Either call may fail: then it lives as long as the page. */
export interface InitImageStorage {
  load(): Promise<StoredInitImage | null>;
  save(kept: StoredInitImage | null): Promise<void>;
}

/** Where embeddings outlive the page. Either call may fail: then they live as long as the page. */
export interface EmbeddingStorage {
  load(): Promise<readonly EmbeddingFile[]>;
  save(embeddings: readonly EmbeddingFile[]): Promise<void>;
}

/** What localStorage cannot hold, each value under its own key. */
interface Schema extends DBSchema {
  keyval: { key: string; value: readonly EmbeddingFile[] | StoredInitImage | null };
}

const EMBEDDINGS_KEY = 'safelight.embeddings';
const INIT_IMAGE_KEY = 'safelight.init-image';

/**
 * The embeddings and the picture to begin with, in IndexedDB, which is opened when it is first asked. Database and store
 * have idb-keyval's names: visitors' files were kept by it before, and are found where they lie.
 */
export function openFileStorage(): {
  readonly embeddings: EmbeddingStorage;
  readonly initImage: InitImageStorage;
} {
  let opened: Promise<IDBPDatabase<Schema>> | undefined;
  const open = () => {
    opened ??= openDB<Schema>('keyval-store', 1, {
      upgrade: (db) => void db.createObjectStore('keyval'),
      terminated: () => {
        opened = undefined;
      },
    });
    return opened;
  };
  const load = async (key: string) => (await open()).get('keyval', key);
  const save = async (key: string, value: Schema['keyval']['value']) => {
    await (await open()).put('keyval', value, key);
  };
  return {
    embeddings: {
      load: async () => ((await load(EMBEDDINGS_KEY)) as readonly EmbeddingFile[] | undefined) ?? [],
      save: (embeddings) => save(EMBEDDINGS_KEY, embeddings),
    },
    initImage: {
      load: async () => ((await load(INIT_IMAGE_KEY)) as StoredInitImage | null | undefined) ?? null,
      save: (kept) => save(INIT_IMAGE_KEY, kept),
    },
  };
}
