import { contentHash } from './content-hash.ts';
import type { BlobStore } from './store.ts';

const READ_BYTES = 8 * 2 ** 20;
/** One import at a time: what it is called is known only at its end. */
const IMPORT = 'import';

/**
 * Copies a file from disk into the store, under the sha256 of its content, which is given back.
 * @throws AppError storage-full; AbortError, after which nothing is left of it
 */
export async function importBlob(
  store: BlobStore,
  file: Blob,
  { signal, onBytes }: { signal: AbortSignal; onBytes: (loaded: number) => void },
): Promise<string> {
  return navigator.locks.request('safelight.import', { signal }, async () => {
    const part = await store.openPart(IMPORT);
    part.clear();
    try {
      const hash = await contentHash(''.padEnd(64, '0'), file.size);
      while (part.size < file.size) {
        signal.throwIfAborted();
        const bytes = new Uint8Array(await file.slice(part.size, part.size + READ_BYTES).arrayBuffer());
        hash.update(bytes);
        part.append(bytes);
        onBytes(part.size);
      }
      const oid = hash.digest();
      await part.finish(oid);
      return oid;
    } catch (error) {
      part.close();
      await store.remove(IMPORT);
      throw error;
    }
  });
}
