import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { EmbeddingFile } from '../protocol/calls.ts';
import type { EmbeddingStorage } from './embeddings.ts';
import type { InitImageStorage, KeptImage } from './init-image.ts';

/** What localStorage cannot hold, each value under its own key. */
interface Schema extends DBSchema {
  keyval: { key: string; value: readonly EmbeddingFile[] | KeptImage | null };
}

const EMBEDDINGS_KEY = 'safelight.embeddings';
const INIT_IMAGE_KEY = 'safelight.init-image';

/**
 * The embeddings and the picture to begin with, in IndexedDB, which is opened when it is first asked. Database and store
 * have idb-keyval's names: visitors' files were kept by it before, and are found where they lie.
 */
export function keptFiles(): { readonly embeddings: EmbeddingStorage; readonly initImage: InitImageStorage } {
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
      load: async () => ((await load(INIT_IMAGE_KEY)) as KeptImage | null | undefined) ?? null,
      save: (kept) => save(INIT_IMAGE_KEY, kept),
    },
  };
}
